"""How well scores tell same from different: area under the curve, F1, recall at a bounded share of false ones."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

_FALSE_SHARE: Final = 0.01


def figures(scores: npt.NDArray[Any], same: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """AUC (ties count half), best F1 with its threshold, F1 at log-odds 0, recall where 1 % of the negatives pass."""
    positive, negative = scores[same], np.sort(scores[~same])
    below = np.searchsorted(negative, positive, "left") + np.searchsorted(negative, positive, "right")
    limit = negative[-int(_FALSE_SHARE * len(negative)) - 1]
    thresholds = np.unique(scores)
    right = len(positive) - np.searchsorted(np.sort(positive), thresholds, "left")
    wrong = len(negative) - np.searchsorted(negative, thresholds, "left")
    f1 = 2 * right / (right + wrong + len(positive))
    best = int(np.argmax(f1))
    at_half = 2 * (positive > 0).sum() / max(1, (positive > 0).sum() + (negative > 0).sum() + len(positive))
    return {
        "positives": len(positive),
        "negatives": len(negative),
        "auc": round(float(below.sum() / (2 * len(positive) * len(negative))), 4),
        "f1": round(float(f1[best]), 4),
        "f1_threshold": round(float(thresholds[best]), 4),
        "f1_at_one_half": round(float(at_half), 4),
        "recall_at_1_percent_false": round(float((positive > limit).mean()), 4),
    }
