"""The same create with ten thousand, a million and five million links in the store, beside an empty one."""

import shutil

from programs import Disburse, fill, wrk
from rounds import check_clean, in_turns, line, medians

SIZES = (10_000, 1_000_000, 5_000_000)
CONNECTIONS = 64


def creates(disburse, settings):
    return check_clean(wrk(disburse.url, "create.lua", CONNECTIONS, settings.seconds, disburse.environment()), "create")


def on_empty_store(settings):
    """A store that has just been made, each time."""
    folder = settings.folder / "empty"
    shutil.rmtree(folder, ignore_errors=True)
    with Disburse(folder) as disburse:
        return creates(disburse, settings)


def scale(settings):
    full = settings.folder / "full"
    Disburse(full).stop()
    links = 0
    for size in (s for s in SIZES if s <= settings.links):
        fill(full, size - links)
        links = size
        starts = []
        for _ in range(settings.rounds):
            with Disburse(full) as disburse:
                starts.append({"ready_s": disburse.ready_after, "idle_mb": disburse.resident_mb()})
        start = medians(starts)

        def on_full_store(_):
            with Disburse(full) as disburse:
                result = creates(disburse, settings)
                return {**result, "loaded_mb": disburse.resident_mb()}

        ours, reference = in_turns(settings.rounds, on_full_store, lambda _: on_empty_store(settings))
        with Disburse(full) as disburse:
            file_mb = disburse.store_mb()
        yield line(ours, "the same on an empty store", reference, links=size, connections=CONNECTIONS, rounds=settings.rounds,
                   ready_s=round(start["ready_s"], 3), idle_mb=start["idle_mb"], loaded_mb=ours["loaded_mb"], file_mb=file_mb)
