import os

from dadkhah.validation.cache import ReportCache, code_state
from dadkhah.validation.report import Finding, Report


def test_a_report_is_kept_as_it_was(tmp_path):
    report = Report.of([Finding("wrong", file="a.ttl", line=3)], files=2, notes=())
    ReportCache(tmp_path).put("project x", report)
    assert ReportCache(tmp_path).get("project x") == report
    assert ReportCache(tmp_path).get("project y") is None


def test_a_report_does_not_outlive_the_code_that_made_it(tmp_path):
    def state():
        code_state.cache_clear()
        return code_state(tmp_path)

    rule = tmp_path / "rules" / "dates.py"
    rule.parent.mkdir()
    rule.write_text("FEWEST = 5\n")
    first = state()
    assert state() == first
    rule.write_text("FEWEST = 6\n")
    os.utime(rule, ns=(1, 1))
    assert state() != first
    second = state()
    (tmp_path / "rules" / "names.py").write_text("")
    assert state() != second


def test_a_damaged_entry_is_none(tmp_path):
    ReportCache(tmp_path).put("k", Report.of([], files=1, notes=()))
    (kept,) = tmp_path.rglob("*.json")
    kept.write_bytes(b"{")
    assert ReportCache(tmp_path).get("k") is None
