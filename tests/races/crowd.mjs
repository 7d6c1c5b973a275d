// What every race needs: a random order that can be repeated, and many hands at once.

export const LONG = process.env.DISBURSE_LONG === '1';

// Printed, so that a run can be had again: DISBURSE_SEED.
export const seed = Number(process.env.DISBURSE_SEED ?? Date.now() % 1_000_000_007);
console.log(`# DISBURSE_SEED=${seed}`);

// Park and Miller's generator: the order of a race needs no better one.
let state = (seed % 2_147_483_646) + 1;
export function below(limit) {
  state = (state * 48_271) % 2_147_483_647;
  return state % limit;
}
export function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; --i) {
    const j = below(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

// Does `work` with each, at most `hands` at a time.
export async function each(list, hands, work) {
  const waiting = list.entries();
  const hand = async () => {
    for (const [i, one] of waiting) await work(one, i);
  };
  await Promise.all(Array.from({ length: hands }, hand));
}

export const together = (count, work) => Promise.all(Array.from({ length: count }, (_, i) => work(i)));
