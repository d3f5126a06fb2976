import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Box, Layout } from '../../model/layout.ts';

interface Transform {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const LEAST = 0.05;
const MOST = 3;
const MARGIN = 16;
/** Smaller than this, the names of states cannot be read. */
const LEGIBLE = 0.6;
/** What an arrow key moves by, in pixels. */
const STEP = 60;
/** A press that moves less is a click. */
const STILL = 4;

/**
 * Moves and scales a picture by wheel, drag, pinch and keys. It opens whole, or, where it would be too small to read,
 * around `focus`.
 */
export function usePanZoom(svg: RefObject<SVGSVGElement | null>, { width, height }: Layout, focus: Box | undefined) {
  const [transform, setTransform] = useState<Transform>({ x: 0, y: 0, scale: 1 });
  /** Until somebody moves it, the whole picture stays in sight, whatever its space. */
  const isFitted = useRef(true);
  const pointers = useRef(new Map<number, { x: number; y: number }>());

  const fitAll = useCallback(() => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const scale = Math.min((box.width - 2 * MARGIN) / width, (box.height - 2 * MARGIN) / height, 1);
    isFitted.current = true;
    setTransform({ x: (box.width - width * scale) / 2, y: Math.max(MARGIN, (box.height - height * scale) / 2), scale });
  }, [svg, width, height]);

  /** Brings a part of the picture into sight, when it is not, at a scale that can be read. */
  const reveal = useCallback(
    (part: Box) => {
      const box = svg.current?.getBoundingClientRect();
      if (!box || box.width === 0) return;
      setTransform((before) => {
        const left = before.x + part.x * before.scale;
        const top = before.y + part.y * before.scale;
        const right = left + part.width * before.scale;
        const bottom = top + part.height * before.scale;
        if (before.scale >= LEGIBLE && left >= 0 && top >= 0 && right <= box.width && bottom <= box.height)
          return before;
        isFitted.current = false;
        const scale = Math.max(before.scale, LEGIBLE);
        const x = box.width / 2 - (part.x + part.width / 2) * scale;
        return { scale, x, y: box.height / 2 - (part.y + part.height / 2) * scale };
      });
    },
    [svg],
  );

  // The focus moves by itself while an execution runs, and a picture that somebody looks at does not.
  const opensAt = useRef(focus);
  opensAt.current = focus;
  const open = useCallback(() => {
    const box = svg.current?.getBoundingClientRect();
    fitAll();
    if (!box || Math.min(box.width / width, box.height / height) >= LEGIBLE) return;
    reveal(opensAt.current ?? { x: width / 2, y: 0, width: 0, height: box.height / LEGIBLE - 2 * MARGIN });
    isFitted.current = true;
  }, [svg, width, height, fitAll, reveal]);

  const zoomAt = useCallback((factor: number, x: number, y: number) => {
    isFitted.current = false;
    setTransform((before) => {
      const scale = Math.min(MOST, Math.max(LEAST, before.scale * factor));
      const by = scale / before.scale;
      return { scale, x: x - (x - before.x) * by, y: y - (y - before.y) * by };
    });
  }, []);

  const zoom = (factor: number): void => {
    const box = svg.current?.getBoundingClientRect();
    if (box) zoomAt(factor, box.width / 2, box.height / 2);
  };

  const move = (x: number, y: number): void => {
    isFitted.current = false;
    setTransform((before) => ({ ...before, x: before.x + x, y: before.y + y }));
  };

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (isFitted.current) open();
    });
    if (svg.current) observer.observe(svg.current);
    return () => observer.disconnect();
  }, [svg, open]);

  useEffect(() => {
    const element = svg.current;
    if (!element) return;
    // Not by React, whose listeners for the wheel cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [svg, zoomAt]);

  const onPointerDown = (event: PointerEvent): void => {
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const last = pointers.current.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    const isDragging = event.currentTarget.hasPointerCapture(event.pointerId);
    if (!isDragging) {
      if (Math.hypot(dx, dy) < STILL) return;
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (!other) {
      move(dx, dy);
      return;
    }
    const before = Math.hypot(last.x - other.x, last.y - other.y);
    const now = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const box = event.currentTarget.getBoundingClientRect();
    if (before > 0) zoomAt(now / before, other.x - box.left, other.y - box.top);
  };
  const onPointerEnd = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (act === 'fit') fitAll();
    else if (typeof act === 'number') zoom(act);
    else move(act[0], act[1]);
  };

  return {
    transform,
    fitAll,
    reveal,
    zoom,
    onKeyDown,
    handlers: { onPointerDown, onPointerMove, onPointerUp: onPointerEnd, onPointerCancel: onPointerEnd },
  };
}

const KEYS: Readonly<Record<string, 'fit' | number | readonly [x: number, y: number]>> = {
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
  '+': 1.25,
  '=': 1.25,
  '-': 0.8,
  '0': 'fit',
};
