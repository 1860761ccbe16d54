import type { JSX } from 'preact';

/** Icons are decoration beside words, so they are hidden from screen readers and never the only sign of anything. */
function Icon({ path, kind }: { readonly path: string; readonly kind: string }): JSX.Element {
  return (
    <svg class={`icon ${kind}`} viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

export function TickIcon(): JSX.Element {
  return (
    <Icon kind="tick" path="M10 1a9 9 0 1 0 0 18a9 9 0 0 0 0-18zm-1.3 13.2l-4-4l1.4-1.4l2.6 2.6l5.2-5.2l1.4 1.4z" />
  );
}

export function AlertIcon(): JSX.Element {
  return <Icon kind="alert" path="M10 1a9 9 0 1 0 0 18a9 9 0 0 0 0-18zm-1 4h2v6h-2zm0 8h2v2h-2z" />;
}
