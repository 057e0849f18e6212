/** Line icons on a grid of 16; decoration beside words, or inside a button that has a label. */
const shapes = {
  back: "M9.5 3.5 5 8l4.5 4.5",
  bold: "M5 3h3.6a2.4 2.4 0 0 1 0 4.9H5zM5 7.9h4.2a2.6 2.6 0 0 1 0 5.1H5z",
  chart: "M3 3v10h10M5.5 10.5V8M8.5 10.5V5M11.5 10.5V7",
  check: "m3.5 8.5 3 3 6-7",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.6",
  close: "m4 4 8 8M12 4l-8 8",
  comment: "M2.5 3h11v7.5H7.5L4.5 13v-2.5h-2z",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
  document: "M4 2h5.5L12.5 5v9H4zM9.5 2v3h3M6.3 8.2h3.9M6.3 10.8h3.9",
  download: "M8 2.8v7.7M5 7.6l3 2.9 3-2.9M3 10.5V13h10v-2.5",
  edit: "m3 13 .7-2.9L10.8 3l2.2 2.2-7.1 7.1z",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  follow: "M2 8a6 6 0 1 1 12 0 6 6 0 0 1-12 0zM6 8a2 2 0 1 0 4 0 2 2 0 0 0-4 0M8 1v2M8 13v2M1 8h2M13 8h2",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12",
  help: "M6 6.2a2 2 0 1 1 2.9 1.8C8.2 8.4 8 8.8 8 9.5M8 12v.1",
  italic: "M7 3h5M4 13h5M9.5 3l-3 10",
  keyboard: "M2 4.5h12v7.5H2zM4.5 7h.1M6.8 7h.1M9.1 7h.1M11.4 7h.1M5 9.6h6",
  level_down: "M3 4h10M7 8h6M7 12h6M3 6.5 4.7 8 3 9.5",
  level_up: "M3 4h10M7 8h6M7 12h6M4.7 6.5 3 8l1.7 1.5",
  link: "M6.8 9.2a2.5 2.5 0 0 0 3.6 0l2-2a2.5 2.5 0 0 0-3.6-3.6l-.7.7M9.2 6.8a2.5 2.5 0 0 0-3.6 0l-2 2a2.5 2.5 0 0 0 3.6 3.6l.7-.7",
  lock: "M4 7h8v6H4zM5.7 7V5a2.3 2.3 0 0 1 4.6 0v2",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  outline: "M3 4h10M5.5 8H13M5.5 12H13",
  pause: "M5 3.5v9M11 3.5v9",
  people:
    "M6 7.5a2.2 2.2 0 1 0 0-4.5 2.2 2.2 0 0 0 0 4.5zM1.8 13c.3-2.5 2-3.7 4.2-3.7s3.9 1.2 4.2 3.7M10.5 3.3a2.1 2.1 0 0 1 0 4M12 9.6c1.3.5 2 1.6 2.2 3.4",
  play: "M5 3v10l7.5-5z",
  plus: "M8 3v10M3 8h10",
  print: "M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  redo: "M10.5 3 13 5.5 10.5 8M13 5.5H6.5a3.5 3.5 0 0 0 0 7H9",
  screen: "M2 3h12v8H2zM8 11v2.5M5.5 13.5h5",
  strike:
    "M3 8h10M11 5c-.3-1.3-1.4-2-3-2-1.7 0-3 .8-3 2.2 0 .9.5 1.5 1.3 1.9M5 11c.3 1.3 1.4 2 3 2 1.8 0 3.1-.8 3.1-2.2 0-.5-.1-.9-.4-1.2",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.8v1M8 13.2v1M1.8 8h1M13.2 8h1M3.6 3.6l.7.7M11.7 11.7l.7.7M3.6 12.4l.7-.7M11.7 4.3l.7-.7",
  swap: "M3 5.5h9.5M10 3l2.5 2.5L10 8M13 10.5H3.5M6 8l-2.5 2.5L6 13",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 3.5v9",
  trash: "M3 4.5h10M6.2 4.5V3h3.6v1.5M4.3 4.5 5 13h6l.7-8.5",
  up: "m4.5 9.5 3.5-3.5 3.5 3.5",
  underline: "M5 3v4.2a3 3 0 0 0 6 0V3M4 13h8",
  undo: "M5.5 3 3 5.5 5.5 8M3 5.5h6.5a3.5 3.5 0 0 1 0 7H7",
  upload: "M8 10.5V3M5 5.7 8 2.8l3 2.9M3 10.5V13h10v-2.5",
  warning: "M8 2.5 14 13H2zM8 6.5v3M8 11.3v.1",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
