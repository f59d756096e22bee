import re
from dataclasses import fields
from pathlib import Path

from dadkhah.config import DOCS, Settings
from dadkhah.web.endpoint.metrics import OUTCOMES

PAGE = (Path(__file__).parents[3] / "docs/operations.md").read_text(encoding="utf-8")


def test_the_table_of_settings_lists_each_setting_with_its_default_and_meaning():
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`)? ?\| (.*) \|$", PAGE, re.MULTILINE)
    expected = []
    for one in fields(Settings):
        value = str(one.default).lower() if isinstance(one.default, bool) else str(one.default)
        expected.append((one.name, "" if one.default in {"", ()} else value, DOCS[one.name]))
    assert rows == expected


def test_every_outcome_of_the_metrics_is_told():
    assert [name for name in OUTCOMES if f"`{name}`" not in PAGE] == []
