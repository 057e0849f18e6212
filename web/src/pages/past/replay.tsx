import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/icon";
import { moment, t } from "../../text/language";
import type { Attribution, Moment, Timeline } from "./calls";

const FRAMES = 150; // steps of a whole record when it plays by itself
const FRAME = 160; // milliseconds at least between two of them

type ReplayProps = {
  timeline: Timeline;
  shown: Attribution | undefined;
  /** Shows the text at an entry; done when it is there. */
  onSeek: (seq: number) => Promise<void>;
  /** The reader has come to rest there. */
  onRest: (seq: number) => void;
};

/** The whole record on one line: dragging shows the text at any point of it, and marks where it was decided on. */
export function Replay({ timeline, shown, onSeek, onRest }: ReplayProps) {
  const last = timeline.seq;
  const [seq, setSeq] = useState(shown?.seq ?? last);
  const [playing, setPlaying] = useState(false);
  const text = t().past;
  const moved = useRef(false);
  const knob = useRef<HTMLInputElement>(null);
  // The knob is the hand's: a value that is given with each drawing would pull it back while it is dragged.
  useEffect(() => {
    if (knob.current && knob.current.valueAsNumber !== seq) knob.current.value = String(seq);
  }, [seq, last]);
  useEffect(() => {
    if (!moved.current && shown) setSeq(shown.seq);
  }, [shown]);
  const seek = (to: number) => {
    moved.current = true;
    setSeq(to);
    return onSeek(to);
  };
  const jump = (to: number | undefined) => {
    if (to === undefined) return;
    setPlaying(false);
    void seek(to).then(() => onRest(to));
  };
  usePlaying(playing, seq, last, seek, (at) => {
    setPlaying(false);
    onRest(at);
  });
  const at = shown?.seq === seq ? shown.at : timeOf(timeline, seq);
  const said = text.position(seq, last, at ? moment(at) : "", shown?.seq === seq && shown.by ? shown.by.name : "");
  return (
    <section class="replay" aria-label={text.replay}>
      <div class="replay-line">
        <button
          type="button"
          class="button square"
          aria-label={playing ? text.pause : text.play}
          title={playing ? text.pause : text.play}
          onClick={() => {
            if (!playing && seq >= last) void seek(1);
            setPlaying(!playing);
          }}
        >
          <Icon name={playing ? "pause" : "play"} />
        </button>
        <div class="replay-track">
          <input
            type="range"
            min={last === 0 ? 0 : 1}
            max={last}
            ref={knob}
            aria-label={text.slider}
            aria-valuetext={said}
            onInput={(event) => {
              setPlaying(false);
              void seek(event.currentTarget.valueAsNumber);
            }}
            onChange={(event) => onRest(event.currentTarget.valueAsNumber)}
          />
          <div class="replay-marks" aria-hidden="true">
            {timeline.moments.map((one) => (
              <span
                key={one.seq}
                class={`replay-mark replay-${one.kind}`}
                style={{ insetInlineStart: `${(100 * (one.seq - 1)) / Math.max(1, last - 1)}%` }}
              />
            ))}
          </div>
        </div>
      </div>
      <div class="replay-foot">
        <p class="replay-at">{said}</p>
        <span class="past-steps">
          <button type="button" class="button" onClick={() => jump(before(timeline.moments, seq)?.seq)}>
            {text.momentBefore}
          </button>
          <button type="button" class="button" onClick={() => jump(after(timeline.moments, seq)?.seq)}>
            {text.momentAfter}
          </button>
        </span>
      </div>
      {timeline.moments.length > 0 && (
        <details class="moments">
          <summary>{text.moments(timeline.moments.length)}</summary>
          <ol>
            {timeline.moments.map((one) => (
              <li key={one.seq}>
                <button type="button" class="moment" aria-current={one.seq === seq} onClick={() => jump(one.seq)}>
                  <span class={`replay-mark replay-${one.kind}`} aria-hidden="true" />
                  <bdi>{momentName(one)}</bdi>
                  <span class="muted">
                    {one.by.name} · {moment(one.at)}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}

/** Goes on by itself, one step after the other has been shown, until the end. */
function usePlaying(
  playing: boolean,
  seq: number,
  last: number,
  seek: (to: number) => Promise<void>,
  onEnd: (at: number) => void,
): void {
  const now = useRef({ seq, seek, onEnd });
  now.current = { seq, seek, onEnd };
  useEffect(() => {
    if (!playing) return;
    const step = Math.max(1, Math.ceil(last / FRAMES));
    let going = true;
    const go = async () => {
      while (going && now.current.seq < last) {
        const rested = new Promise((done) => setTimeout(done, FRAME));
        await now.current.seek(Math.min(last, now.current.seq + step));
        await rested;
      }
      if (going) now.current.onEnd(last);
    };
    void go();
    return () => {
      going = false;
    };
  }, [playing, last]);
}

/** The time of the latest known change that is not after an entry. */
export function timeOf({ ticks }: Timeline, seq: number): string | null {
  return ticks.findLast((tick) => tick.seq <= seq)?.at ?? null;
}

const before = (moments: readonly Moment[], seq: number) => moments.findLast((one) => one.seq < seq);
const after = (moments: readonly Moment[], seq: number) => moments.find((one) => one.seq > seq);

export function momentName({ kind, label, frozen }: Moment): string {
  const text = t().past.kinds;
  if (kind === "snapshot") return label ?? text.snapshot;
  if (kind === "freeze") return frozen ? text.frozen : text.thawed;
  return text[kind];
}
