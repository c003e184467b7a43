"""The same figures as the audit's, as one would script them with the usual packages.

Counts, shares and losses are by pandas, agreement and calibration by scikit-learn, components by
pingouin, chance-corrected agreement of alike cases by krippendorff. Ranges resample deciders, from
their sums, as a careful analyst would; the audit gives a range to every figure, this script only
to influence, quality, overruling and the gap between teams.
"""

from __future__ import annotations

import json
import sys
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, cohen_kappa_score

DRAWS = 200
SAMPLE = 5_000


def resampled(sums: pd.DataFrame, statistic, draw: np.random.Generator) -> list[float]:
    """A 95 % percentile range over deciders, from one row of sums for each."""
    values = sums.to_numpy(float)
    drawn = draw.multinomial(len(values), np.full(len(values), 1 / len(values)), DRAWS) @ values
    with np.errstate(invalid="ignore", divide="ignore"):
        found = statistic(dict(zip(sums.columns, drawn.T, strict=True)))
    return [float(q) for q in np.nanpercentile(found, [2.5, 97.5])]


def adoption_and_influence(t: pd.DataFrame, draw: np.random.Generator) -> dict[str, object]:
    """Coverage, agreement by groups, and what showing the advice does to it."""
    out: dict[str, object] = {
        "coverage": float(t["advice"].notna().mean()),
        "exposure": float(t["shown"].mean()),
        "use": float(t.loc[t["shown"], "match"].mean()),
        "kappa": float(cohen_kappa_score(t["choice"], t["advice"])),
        "choice rate": t.groupby(["shown", "choice"]).size().tolist(),
    }
    for by in (["shown"], ["shown", "kind"], ["shown", "advice"], ["shown", "late"]):
        out[f"agreement by {by}"] = t.groupby(by)["match"].agg(["mean", "size"]).to_numpy().tolist()
    arms = t.groupby(["officer", "shown"])["match"].agg(["sum", "size"]).unstack(fill_value=0)
    sums = pd.DataFrame(
        {
            "in_view": arms["sum"][True],
            "n_in_view": arms["size"][True],
            "hidden": arms["sum"][False],
            "n_hidden": arms["size"][False],
        }
    )

    def effect(s):
        return s["in_view"] / s["n_in_view"] - s["hidden"] / s["n_hidden"]

    out["influence"] = float(effect(sums.sum()))
    out["influence range"] = resampled(sums, effect, draw)
    each = sums["in_view"] / sums["n_in_view"] - sums["hidden"] / sums["n_hidden"]
    out["influence spread"] = float(each.std())
    weekly = t.groupby(["week", "shown"])["match"].mean().unstack()
    out["hidden rise"] = float(np.polyfit(weekly.index, weekly[False].fillna(0), 1)[0])
    return out


def first_views(t: pd.DataFrame, draw: np.random.Generator) -> dict[str, object]:
    """Moved to the advice, moved away, held; reliance when the advice was right and wrong."""
    v = t[t["first_view"].notna() & t["shown"]]
    agreed = v["first_view"] == v["advice"]
    out: dict[str, object] = {
        "agreed": float((agreed & v["match"]).mean()),
        "moved to": float((~agreed & v["match"]).mean()),
        "moved away": float((agreed & ~v["match"]).mean()),
        "held": float((~agreed & ~v["match"]).mean()),
        "switch fraction": float(v.loc[~agreed, "match"].mean()),
    }
    k = v[v["known"]]
    advice_right, view_right = k["advice_right"], k["view_right"]
    choice_right = k["choice_right"]
    out["listened"] = float(choice_right[advice_right & ~view_right].mean())
    out["held firm"] = float(choice_right[~advice_right & view_right].mean())
    sums = pd.DataFrame(
        {
            "officer": k["officer"],
            "to": choice_right.astype(int),
            "from": view_right.astype(int),
            "n": 1,
        }
    )
    sums = sums.groupby("officer")[["to", "from", "n"]].sum()
    out["quality by first views"] = resampled(sums, lambda s: (s["to"] - s["from"]) / s["n"], draw)
    out["asking"] = t[t["shown"]].groupby("asked")["match"].mean().tolist()
    return out


def overruling(t: pd.DataFrame, draw: np.random.Generator) -> dict[str, object]:
    """How often, how right and worth what, by reason and kind of case."""
    s = t[t["shown"]]
    o = s[~s["match"]]
    known = o[o["known"]]
    value = known["choice_right"].astype(int) - known["advice_right"].astype(int)
    known = known.assign(value=value, given=known["reason"].fillna("none given"))
    out: dict[str, object] = {"rate": 1 - float(s["match"].mean())}
    for by in ("given", "kind"):
        found = known.groupby(by).agg(right=("choice_right", "mean"), value=("value", "mean"))
        out[f"by {by}"] = found.to_numpy().tolist()
        for name, rows in known.groupby(by):
            sums = rows.groupby("officer").agg(value=("value", "sum"), n=("value", "size"))
            out[f"{by} {name}"] = resampled(sums, lambda d: d["value"] / d["n"], draw)
    seen = s[s["known"]]
    out["advice wrong"] = (1 - seen.groupby("match")["advice_right"].mean()).tolist()
    out["accuracy"] = seen[["choice_right", "advice_right"]].mean().tolist()
    shown_right = t[t["known"]].groupby(["officer", "shown"])["choice_right"].agg(["sum", "size"])
    arms = shown_right.unstack(fill_value=0)
    sums = pd.DataFrame(
        {
            "a": arms["sum"][True],
            "n": arms["size"][True],
            "b": arms["sum"][False],
            "m": arms["size"][False],
        }
    )
    out["quality"] = resampled(sums, lambda d: d["a"] / d["n"] - d["b"] / d["m"], draw)
    return out


def calibration(said: pd.Series, happened: pd.Series) -> dict[str, object]:
    """Curve, Brier score, its isotonic split and the slope."""
    p, y = said.to_numpy(float), happened.to_numpy(float)
    curve = calibration_curve(y, p, n_bins=10)
    best = IsotonicRegression(out_of_bounds="clip").fit_transform(p, y)
    score = float(brier_score_loss(y, p))
    odds = np.log(np.clip(p, 1e-4, 1 - 1e-4) / (1 - np.clip(p, 1e-4, 1 - 1e-4)))
    slope = LogisticRegression(C=np.inf).fit(odds.reshape(-1, 1), y).coef_[0, 0]
    return {
        "curve": [c.tolist() for c in curve],
        "brier": score,
        "miscalibration": score - float(np.mean((best - y) ** 2)),
        "slope": float(slope),
    }


def noise(t: pd.DataFrame, draw: np.random.Generator) -> dict[str, object]:
    """Alike cases with different answers, between teams and people; the gap between teams."""
    amount, years = (t["amount"] // 1_000).astype(int), t["customer_years"] // 2
    cell = t.groupby(["kind", "abroad", amount, years]).ngroup()
    x = t.assign(cell=cell, yes=(t["choice"] == "approve").astype(int))
    whole = x.groupby("cell")["yes"].agg(["sum", "size"])
    for by in ("branch", "officer"):
        inner = x.groupby(["cell", by])["yes"].agg(["sum", "size"])
        pairs = _pairs(whole) - _pairs(inner)
        differ = _differ(whole) - _differ(inner)
        whole.attrs[by] = float(differ / pairs) if pairs else float("nan")
    out: dict[str, object] = {"twins": dict(whole.attrs)}
    weights = x.groupby(["kind", "abroad"]).size()
    sums = x.groupby(["branch", "officer", "kind", "abroad"])["yes"].agg(["sum", "size"])
    shares = []
    for _, rows in sums.groupby("branch"):
        wide = rows.reset_index().pivot_table(
            index="officer", columns=["kind", "abroad"], values=["sum", "size"], fill_value=0
        )
        people = len(wide)
        drawn = draw.multinomial(people, np.full(people, 1 / people), DRAWS)
        times = np.vstack([np.ones(people), drawn])
        share = _standardised(times, wide, weights)
        shares.append(share)
    table = np.array(shares)
    out["team gap"] = float(np.sqrt(2 * np.var(table[:, 0], ddof=1)))
    out["team gap range"] = np.percentile(
        np.sqrt(2 * np.var(table[:, 1:], axis=0, ddof=1)), [2.5, 97.5]
    ).tolist()
    few = x.sample(min(len(x), SAMPLE * 10), random_state=1)
    place = few.groupby("cell").cumcount()
    units = few.assign(place=place)[place < 5].pivot_table(
        index="place", columns="cell", values="yes"
    )
    units = units.iloc[:, :SAMPLE]
    out["alpha"] = float(
        krippendorff.alpha(reliability_data=units.to_numpy(), level_of_measurement="nominal")
    )
    panel = few.assign(turn=few.groupby("officer").cumcount())
    panel = panel[panel["turn"] < 10]
    full = panel.groupby("officer")["turn"].transform("size") == 10
    if full.any():
        icc = pingouin.intraclass_corr(
            data=panel[full], targets="officer", raters="turn", ratings="yes"
        )
        out["icc"] = float(icc["ICC"].iloc[0])
    return out


def _pairs(cells: pd.DataFrame) -> float:
    return float((cells["size"] * (cells["size"] - 1) / 2).sum())


def _differ(cells: pd.DataFrame) -> float:
    return float((cells["sum"] * (cells["size"] - cells["sum"])).sum())


def _standardised(times: np.ndarray, wide: pd.DataFrame, weights: pd.Series) -> np.ndarray:
    """Shares at one mix of cases, for each way to draw the people; shape (draws,)."""
    sums = times @ wide["sum"].reindex(columns=weights.index, fill_value=0).to_numpy(float)
    sizes = times @ wide["size"].reindex(columns=weights.index, fill_value=0).to_numpy(float)
    mix = np.where(sizes > 0, weights.to_numpy(float), 0)
    return (mix * sums / np.maximum(sizes, 1)).sum(axis=1) / mix.sum(axis=1)


def read(path: str) -> pd.DataFrame:
    """The table with what every figure needs worked out once."""
    t = pd.read_parquet(path)
    known = t["repaid"].notna()
    good = t["repaid"].astype("boolean").fillna(False).to_numpy(bool)
    right = np.where(good, "approve", "decline")
    start = t["decided_at"].min()
    return t.assign(
        match=t["choice"] == t["advice"],
        known=known,
        good=good,
        choice_right=t["choice"] == right,
        advice_right=t["advice"] == right,
        view_right=t["first_view"] == right,
        week=(t["decided_at"] - start).dt.days // 7,
        late=t["decided_at"] > t["decided_at"].quantile(0.5),
    )


def audit(path: str) -> dict[str, object]:
    """Every figure of the table."""
    draw = np.random.default_rng(1)
    t = read(path)
    known, viewed = t[t["known"]], t[t["known"] & t["first_view_sure"].notna()]
    return {
        "rows": len(t),
        "people": int(t["officer"].nunique()),
        "duplicates": int(t["case_id"].duplicated().sum()),
        "missing": t.isna().sum().to_dict(),
        "influence": adoption_and_influence(t, draw),
        "first views": first_views(t, draw),
        "overruling": overruling(t, draw),
        "calibration of the AI": calibration(known["score"], known["good"]),
        "calibration of people": calibration(viewed["first_view_sure"], viewed["good"]),
        "noise": noise(t, draw),
        "outcomes": known.groupby("shown").size().tolist(),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(audit(sys.argv[1]), default=str))
