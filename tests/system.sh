#!/bin/sh
# Installs what the tests need from the system, where it may; says in one line what is missing where it may not.
set -u
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get -qq update >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$2" >/dev/null 2>&1
  fi
  command -v "$1" >/dev/null 2>&1 && return 0
  echo "tests: $1 is missing (Debian package $2)"
  [ "${CI:-}" = true ] && exit 1
  return 0
}
need virtuoso-t virtuoso-opensource
need chromium chromium
need faketime faketime
need ssh-keygen openssh-client

# The FollowTheMoney export is checked by the followthemoney package, which builds PyICU from source.
need g++ g++
need pkg-config pkg-config
if ! .venv/bin/python -c 'import followthemoney' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && ! pkg-config --exists icu-i18n 2>/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libicu-dev python3-dev >/dev/null 2>&1
  fi
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ftm.txt >/dev/null 2>&1 || {
    echo "tests: followthemoney is missing (pip install -r requirements/ftm.txt; PyICU needs g++, pkg-config and libicu-dev)"
    [ "${CI:-}" = true ] && exit 1
  }
fi

# Dossiers as PDF: WeasyPrint opens Pango when it is imported.
if ! .venv/bin/python -c 'import weasyprint' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 >/dev/null 2>&1
  fi
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/pdf.txt >/dev/null 2>&1
  .venv/bin/python -c 'import weasyprint' 2>/dev/null || {
    echo "tests: weasyprint is missing (pip install -r requirements/pdf.txt; Debian libpango-1.0-0 libpangoft2-1.0-0)"
    [ "${CI:-}" = true ] && exit 1
  }
fi
# Linking on Spark: half a gigabyte, apart from the other requirements.
need java openjdk-17-jre-headless
.venv/bin/python -c 'import pyspark' 2>/dev/null ||
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt >/dev/null 2>&1 || {
    echo "tests: pyspark is missing (pip install -r requirements/spark.txt)"
    [ "${CI:-}" = true ] && exit 1
  }
exit 0
