// The engine's clock, once it is told to fly: real time, plus whatever was jumped over. Long timers are kept here instead of in Node, and
// whoever has nothing else to do jumps to the earliest.
const LONG = 500;
const RealDate = Date;
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
const timers = new Set();
let jumped = 0;

const now = () => RealDate.now() + jumped;

export function fly() {
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now()] : parts));
    }

    static now() {
      return now();
    }
  };
  globalThis.setTimeout = (callback, delay, ...rest) => {
    if (!(delay >= LONG)) {
      return realSetTimeout(callback, delay, ...rest);
    }

    const timer = { at: now() + delay, callback };
    timers.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer) || realClearTimeout(timer);
  };
}

// False when there is no timer.
export function jump() {
  const [next] = [...timers].sort((a, b) => a.at - b.at);
  if (next === undefined) {
    return false;
  }

  timers.delete(next);
  jumped += Math.max(0, next.at - now());
  next.callback();
  return true;
}
