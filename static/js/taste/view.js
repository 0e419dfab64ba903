// Where things of the map lie on the screen: 0..1000 either way, moved and enlarged. No document, so that it can be tested.
export const WHOLE = { x: 500, y: 500, zoom: 1 }
export const MOST_ZOOM = 40
const EDGE = 26 // pixels that stay free around the map

export function scale(view, { width, height }) {
  return { x: ((width - 2 * EDGE) / 1000) * view.zoom, y: ((height - 2 * EDGE) / 1000) * view.zoom }
}

export function toScreen(view, size, [x, y]) {
  const by = scale(view, size)
  return [size.width / 2 + (x - view.x) * by.x, size.height / 2 + (y - view.y) * by.y]
}

// The view enlarged by a factor, with what lies under a place of the screen staying there.
export function zoomed(view, size, factor, [px, py] = [size.width / 2, size.height / 2]) {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor))
  const before = scale(view, size), after = scale({ ...view, zoom }, size)
  return within({
    x: view.x + (px - size.width / 2) * (1 / before.x - 1 / after.x),
    y: view.y + (py - size.height / 2) * (1 / before.y - 1 / after.y), zoom })
}

export function moved(view, size, dx, dy) {
  const by = scale(view, size)
  return within({ ...view, x: view.x - dx / by.x, y: view.y - dy / by.y })
}

// The view that shows a point, moved no more than needed.
export function showing(view, size, point) {
  const [px, py] = toScreen(view, size, point)
  const dx = px < EDGE ? EDGE - px : px > size.width - EDGE ? size.width - EDGE - px : 0
  const dy = py < EDGE ? EDGE - py : py > size.height - EDGE ? size.height - EDGE - py : 0
  return dx || dy ? moved(view, size, dx, dy) : view
}

// The point nearest to a place of the screen within so many pixels, or -1; of equally near ones the last, which lies on top.
export function nearest(points, view, size, [px, py], within = 16) {
  let best = -1, least = within * within
  for (let at = 0; at < points.length; at++) {
    const [x, y] = toScreen(view, size, [points[at][1], points[at][2]])
    const far = (x - px) ** 2 + (y - py) ** 2
    if (far <= least) { least = far; best = at }
  }
  return best
}

// The next point in a direction ("ArrowLeft" ...): near counts, straight ahead counts double. The same one where there is none.
export function next(points, size, from, direction) {
  const [ax, ay] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[direction]
  const by = scale(WHOLE, size)
  let best = from, least = Infinity
  for (let at = 0; at < points.length; at++) {
    const dx = (points[at][1] - points[from][1]) * by.x, dy = (points[at][2] - points[from][2]) * by.y
    const ahead = dx * ax + dy * ay, aside = Math.abs(dx * ay) + Math.abs(dy * ax)
    if (at === from || ahead <= 0 || aside > 2 * ahead) continue
    const cost = ahead + 2 * aside
    if (cost < least) { least = cost; best = at }
  }
  return best
}

function within(view) {
  const half = 500 / view.zoom
  const held = value => Math.min(1000 - half, Math.max(half, value))
  return { ...view, x: held(view.x), y: held(view.y) }
}
