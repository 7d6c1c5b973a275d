"""What happens after a create: claims until they are paid, webhooks, and a million links that expire at once."""

import concurrent.futures
import time

from programs import Disburse, Nginx, fill, wrk
from rounds import check_clean, in_turns, line, medians

CLAIMS_AT_ONCE = 64
MOST_CLAIMS_A_SECOND = 4_000
WEBHOOKS_WITHIN_S = 120
BURST_LINKS = 1_000_000
BURST_CONNECTIONS = 4


def creates(disburse, settings):
    return check_clean(wrk(disburse.url, "create.lua", CLAIMS_AT_ONCE, settings.seconds, disburse.environment()), "create")


def claim(settings):
    Disburse(settings.folder / "data").stop()
    ids = settings.folder / "ids"
    wanted = MOST_CLAIMS_A_SECOND * settings.seconds
    fill(settings.folder / "data", wanted * settings.rounds, ids)
    links = ids.read_text().splitlines(keepends=True)
    with Disburse(settings.folder / "data") as disburse:

        def lives(number):
            # The line's place says which phone the link was made for, so what is used up stays in the file.
            part = settings.folder / "part"
            part.write_text("".join(links[number * wanted:(number + 1) * wanted]))
            environment = {**disburse.environment(), "BENCH_IDS": str(part), "BENCH_FIRST": str(number * wanted)}
            return check_clean(wrk(disburse.url, "claim.lua", CLAIMS_AT_ONCE, settings.seconds, environment, CLAIMS_AT_ONCE), "claim")

        ours, reference = in_turns(settings.rounds, lives, lambda _: creates(disburse, settings))
        yield line(ours, "durable creates", reference, unit="links from opened to paid", connections=CLAIMS_AT_ONCE, rounds=settings.rounds)


def webhooks(settings):
    with Nginx(settings.folder / "nginx", "ok") as nginx, Disburse(settings.folder / "data") as disburse:
        disburse.call("POST", "/api/v1/webhooks", {"dialect": "razorpay", "url": nginx.url + "/hook"},
                      "Bearer " + disburse.sandbox["house"]["token"])

        def deliveries(_):
            before, begun = nginx.requests(), time.monotonic()
            made = creates(disburse, settings)
            # One webhook a link. Each look at the count is a request too.
            looks, count = 1, 0
            while time.monotonic() - begun < WEBHOOKS_WITHIN_S:
                count = nginx.requests() - before - looks
                looks += 1
                if count >= made["requests"]:
                    break
                time.sleep(0.05)
            else:
                raise RuntimeError(f"{made['requests']} links, but {count} webhooks")
            return {**made, "per_second": count / (time.monotonic() - begun)}

        def posts(_):
            return check_clean(wrk(nginx.url, "create.lua", CLAIMS_AT_ONCE, settings.seconds, disburse.environment()), "post")

        ours, reference = in_turns(settings.rounds, deliveries, posts)
        yield line(ours, "posts to the same nginx by wrk", reference, unit="webhooks delivered while links are made", rounds=settings.rounds)


def expiry_burst(settings):
    links = min(BURST_LINKS, settings.links)
    Disburse(settings.folder / "data").stop()
    expires_at = int(time.time() + 4 * 3600) * 1000
    ids = settings.folder / "ids"
    fill(settings.folder / "data", links, ids, expires_at)
    paths = settings.folder / "paths"
    with Disburse(settings.folder / "data") as disburse:
        link = disburse.create_link()["id"]
        paths.write_text(f"/v1/payout-links/{link}\n")
        environment = {**disburse.environment(), "BENCH_PATHS": str(paths)}
        quiet = [check_clean(wrk(disburse.url, "mixed.lua", BURST_CONNECTIONS, settings.seconds, environment), "quiet") for _ in range(settings.rounds)]
        before = disburse.metric("timers_total")
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            begun = time.monotonic()
            moved = other.submit(disburse.call, "POST", "/sandbox/clock", {"advance_seconds": 5 * 3600})
            busy = []
            while disburse.metric("timers_total") - before < links:
                busy.append(check_clean(wrk(disburse.url, "mixed.lua", BURST_CONNECTIONS, settings.seconds, environment), "burst"))
            took = time.monotonic() - begun
            moved.result()
        worst = max(r["p99_us"] for r in busy)
        yield {"links": links, "seconds": round(took, 1), "expiries_per_second": round(links / took),
               "p99_us": medians(busy)["p99_us"], "worst_round_p99_us": worst, "per_second": medians(busy)["per_second"],
               "reference": "the same requests before the burst", "reference_p99_us": medians(quiet)["p99_us"],
               "ratio": round(medians(busy)["p99_us"] / medians(quiet)["p99_us"], 2), "connections": BURST_CONNECTIONS,
               "rounds": len(busy)}
