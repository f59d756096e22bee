import subprocess
import sys

PAIRS = "name_a\tname_b\nReza Rezaei\tرضا رضایی\n"


def compare(table, text=""):
    command = [sys.executable, "-m", "dadkhah.cli", "compare", "--pairs", str(table)]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_a_table_may_come_from_standard_input(tmp_path):
    table = tmp_path / "pairs.tsv"
    table.write_text(PAIRS, encoding="utf-8")
    piped = compare("-", PAIRS)
    assert piped.returncode == 0
    assert piped.stdout == compare(table).stdout


def test_what_is_no_table_is_said_in_one_line(tmp_path):
    for path in (tmp_path, tmp_path / "absent.tsv"):
        done = compare(path)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert str(path) in done.stderr
