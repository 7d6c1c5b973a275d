"""Status reads beside nginx; durable creates and cancels beside a bare append loop and beside PostgreSQL."""

from programs import Disburse, Nginx, Postgres, append_loop, fill, wrk
from rounds import check_clean, in_turns, line

CONNECTIONS = (1, 8, 64, 256)
STATUS_CONNECTIONS = 64
READ_LINKS = 1_000  # so that not one row alone is read
MOST_CANCELS_A_SECOND = 40_000


def status_read(settings):
    with Disburse(settings.folder / "data") as disburse:
        paths = settings.folder / "paths"
        links = [disburse.create_link()["id"] for _ in range(READ_LINKS)]
        paths.write_text("".join(f"/v1/payout-links/{link}\n" for link in links))
        body = disburse.call("GET", f"/v1/payout-links/{links[0]}")
        environment = {**disburse.environment(), "BENCH_PATHS": str(paths)}
        with Nginx(settings.folder / "nginx", body) as nginx:
            ours, reference = in_turns(
                settings.rounds, *[
                    lambda _, url=url: check_clean(wrk(url, "get.lua", STATUS_CONNECTIONS, settings.seconds, environment), url)
                    for url in (disburse.url, nginx.url)])
            yield line(ours, "nginx, a fixed answer of the same size", reference, connections=STATUS_CONNECTIONS, rounds=settings.rounds)


SCHEMA = """
create sequence link_ids;
create table link (merchant_id bigint not null, link_id bigint not null, version bigint not null, state smallint not null,
  amount_paise bigint not null, dialect text not null, reference text not null, purpose text not null,
  description text not null, name text not null, phone text not null, email text not null, created_at bigint not null,
  cancelled_at bigint, primary key (merchant_id, link_id));
create unique index link_reference on link (merchant_id, reference);
"""
CREATE = """insert into link values (1, nextval('link_ids'), 1, 2, 1000, 'razorpay', 'ref-' || lastval(), 'refund', 'Refund',
  'Gaurav Kumar', '+919000090000', 'gaurav.kumar@example.com', 1700000000000, null);
"""
# The ids are shuffled over the table by a prime, so that each is cancelled at most once and not in the order of the pages.
CANCEL = """\\set id (:client_id * 1000003 + random(1, 1000000000)) % {links} + 1
update link set state = 5, version = version + 1, cancelled_at = 1700000000001 where merchant_id = 1 and link_id = :id
  and state = 2;
"""


def durable_create(settings):
    with Disburse(settings.folder / "data", count_io=True) as disburse, Postgres(settings.folder / "postgres", count_io=True) as postgres:
        postgres.run(SCHEMA)
        script = settings.folder / "create.sql"
        script.write_text(CREATE)

        def create(connections):
            environment = disburse.environment()
            return check_clean(wrk(disburse.url, "create.lua", connections, settings.seconds, environment), "create")

        yield from beside_references(settings, disburse, postgres, script, create)


def durable_cancel(settings):
    with Postgres(settings.folder / "postgres", count_io=True) as postgres:
        links = MOST_CANCELS_A_SECOND * settings.seconds * settings.rounds
        postgres.run(SCHEMA)
        postgres.run(f"insert into link select 1, n, 1, 2, 1000, 'razorpay', 'ref-' || n, 'refund', 'Refund', 'Gaurav Kumar', "
                     f"'+919000090000', 'gaurav.kumar@example.com', 1700000000000, null from generate_series(1, {links}) n")
        script = settings.folder / "cancel.sql"
        script.write_text(CANCEL.format(links=links))
        Disburse(settings.folder / "data").stop()
        ids = settings.folder / "ids"
        fill(settings.folder / "data", links * len(CONNECTIONS), ids)
        part = settings.folder / "part"
        with Disburse(settings.folder / "data", count_io=True) as disburse, ids.open() as all_ids:

            def cancel(connections):
                part.write_text("".join(all_ids.readline().split()[0] + "\n" for _ in range(MOST_CANCELS_A_SECOND * settings.seconds)))
                environment = {**disburse.environment(), "BENCH_IDS": str(part)}
                return check_clean(wrk(disburse.url, "cancel.lua", connections, settings.seconds, environment), "cancel")

            yield from beside_references(settings, disburse, postgres, script, cancel)


def counted(counts, act):
    """What a round wrote and synced for each of its requests."""
    before = counts.read()
    result = act()
    after = counts.read()
    requests = max(result["requests"], 1)
    result["syncs_per_request"] = (after["syncs"] - before["syncs"]) / requests
    result["bytes_per_request"] = (after["bytes"] - before["bytes"]) / requests
    return result


def beside_references(settings, disburse, postgres, script, act):
    for connections in CONNECTIONS:
        record = [4_096]  # until the first round has said how much a request really writes

        def ours(_):
            result = counted(disburse.counts, lambda: act(connections))
            record[0] = max(1, round(result["bytes_per_request"]))
            return result

        def bare(_):
            return append_loop(settings.folder, record[0], connections, settings.seconds)

        def pgbench(_):
            return counted(postgres.counts, lambda: postgres.pgbench(script, connections, settings.seconds))

        figure, loop, reference = in_turns(settings.rounds, ours, bare, pgbench)
        yield line(
            figure, "pgbench, PostgreSQL 15, one statement", reference, connections=connections, rounds=settings.rounds,
            syncs_per_request=precise(figure["syncs_per_request"]), bytes_per_request=round(figure["bytes_per_request"]),
            reference_p50_us=reference["p50_us"], reference_p99_us=reference["p99_us"],
            reference_bytes_per_request=round(reference["bytes_per_request"]),
            append_loop_per_second=loop["per_second"], append_loop_ratio=round(figure["per_second"] / loop["per_second"], 3))


def precise(number):
    return float(f"{number:.3g}")
