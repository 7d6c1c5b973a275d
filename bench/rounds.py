"""Rounds of a subject and its references in turns, so that a noisy minute meets all of them."""

import statistics


def medians(results):
    """The median of each number of some rounds."""
    return {key: statistics.median(r[key] for r in results) for key in results[0] if isinstance(results[0][key], (int, float))}


def in_turns(count, *subjects):
    """Each subject is called with the round's number; answers with the medians of each."""
    results = [[] for _ in subjects]
    for number in range(count):
        for kept, subject in zip(results, subjects):
            kept.append(subject(number))
    return [medians(kept) for kept in results]


def check_clean(result, what):
    if result["refused"] or result["broken"]:
        raise RuntimeError(f"{what}: {result}")
    return result


def line(figure, reference_name, reference, **more):
    return {
        "per_second": figure["per_second"], "p50_us": figure["p50_us"], "p99_us": figure["p99_us"],
        "reference": reference_name, "reference_per_second": reference["per_second"],
        "ratio": round(figure["per_second"] / reference["per_second"], 3), **more,
    }
