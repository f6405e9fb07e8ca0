// The live stream, and the truth about it: a snapshot is live for three seconds, then the stream is
// broken, whatever the connection says, and is opened anew.

const patience_ms = 3000;
const longest_ms = 10000;

/**
 * @param onSnapshot called with each snapshot.
 * @param onState called with {broken, since_ms, again_ms} each half second and when it changes.
 */
export function follow(onSnapshot, onState) {
  let source = null, heard = Date.now(), delay = 1000, again = null, first = true;

  function open() {
    again = null;
    if (isAway) return;
    source?.close();
    source = new EventSource('/api/v1/live/stream');
    heardOrOpened = Date.now();
    source.addEventListener('snapshot', event => {
      let snapshot;
      try { snapshot = JSON.parse(event.data); } catch { return; }
      [heard, heardOrOpened, delay, first] = [Date.now(), Date.now(), 1000, false];
      onSnapshot(snapshot);
      tell();
    });
    source.onerror = retry;
  }
  let heardOrOpened = Date.now(), isAway = false;

  function retry() {
    if (isAway) return;
    source?.close();
    source = null;
    if (again !== null) return;
    again = Date.now() + delay;
    setTimeout(open, delay);
    delay = Math.min(2 * delay, longest_ms);
    tell();
  }

  function tell() {
    const silence = Date.now() - heard;
    onState({
      broken: source === null || silence > patience_ms,
      first, since_ms: silence, again_ms: again === null ? null : Math.max(0, again - Date.now()),
    });
  }

  setInterval(() => {
    if (source !== null && Date.now() - heardOrOpened > patience_ms) retry();
    tell();
  }, 500);
  // A page that a browser keeps to come back to would keep its connection too, one of six for a site.
  addEventListener('pagehide', () => {
    isAway = true;
    source?.close();
    source = null;
  });
  addEventListener('pageshow', event => {
    if (!event.persisted) return;
    isAway = false;
    open();
  });
  open();
}
