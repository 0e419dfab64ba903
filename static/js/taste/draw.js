// Draws the map: a dot for what is expected, a diamond with an outline for what was rated, names of groups above.
import { toScreen } from "./view.js"

export const STEPS = 7
const PLACES = [-18, 18, -34, 34, -50, 50, -66, 66] // pixels above or below its item that a name may stand at
const MANY = 3000 // points from which a name covers some wherever it stands
const ID = 0, X = 1, Y = 2, EXPECTED = 3, RATED = 4

// Which of the colours a value has; null where it has none.
export function step(value, { low, high }) {
  if (value === null) return null
  return Math.min(STEPS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * STEPS)))
}

export function colours(element) {
  const style = getComputedStyle(element)
  const one = name => style.getPropertyValue(name).trim()
  return { steps: Array.from({ length: STEPS }, (_, at) => one(`--taste-${at}`)), none: one("--taste-none"), ink: one("--ink"),
    soft: one("--ink-soft"), ground: one("--surface"), family: style.fontFamily, accent: one("--accent") }
}

export function draw(context, size, { points, names, ...range }, view, chosen, colour) {
  context.clearRect(0, 0, size.width, size.height)
  const radius = Math.min(7, (points.length > 3000 ? 2 : points.length > 600 ? 3 : 5) * Math.sqrt(view.zoom))
  const seen = []
  for (const point of points) {
    const [x, y] = toScreen(view, size, [point[X], point[Y]])
    if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue
    const at = step(point[RATED] ?? point[EXPECTED], range)
    mark(context, x, y, radius, point[RATED] !== null, at === null ? colour.none : colour.steps[at], colour)
    seen.push([x, y])
  }
  if (view.zoom < 6) label(context, size, names, view, colour, seen)
  if (chosen >= 0) ring(context, toScreen(view, size, [points[chosen][X], points[chosen][Y]]), radius, colour)
}

function mark(context, x, y, radius, rated, fill, colour) {
  context.beginPath()
  if (rated) {
    const reach = radius * 1.35
    context.moveTo(x, y - reach)
    context.lineTo(x + reach, y)
    context.lineTo(x, y + reach)
    context.lineTo(x - reach, y)
    context.closePath()
  } else context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  if (!rated) return
  context.lineWidth = 1.5
  context.strokeStyle = colour.ink
  context.stroke()
}

function ring(context, [x, y], radius, colour) {
  for (const [wide, style] of [[5, colour.ground], [2.5, colour.accent]]) {
    context.beginPath()
    context.arc(x, y, radius + 6, 0, 2 * Math.PI)
    context.lineWidth = wide
    context.strokeStyle = style
    context.stroke()
  }
}

// Names of the largest groups first, each where it covers the fewest items; one that would cover another name is left out.
function label(context, size, names, view, colour, seen) {
  const taken = []
  context.font = `600 13px ${colour.family}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.lineJoin = "round"
  for (const [words, px, py] of names) {
    const [x, y] = toScreen(view, size, [px, py])
    if (x < 0 || x > size.width || y < 0 || y > size.height) continue
    const half = context.measureText(words).width / 2 + 4
    const held = Math.min(size.width - half, Math.max(half, x))
    const free = PLACES.map(by => [held - half, y + by - 10, held + half, y + by + 10])
      .filter(box => box[1] > 0 && box[3] < size.height && !taken.some(other => meet(box, other)))
    if (!free.length) continue
    const covered = box => seen.length > MANY ? 0 : seen.reduce((sum, [a, b]) => sum + meet([a - 5, b - 5, a + 5, b + 5], box), 0)
    const counts = free.map(covered), box = free[counts.indexOf(Math.min(...counts))]
    taken.push(box)
    context.lineWidth = 4
    context.strokeStyle = colour.ground
    context.strokeText(words, held, box[1] + 10)
    context.fillStyle = colour.ink
    context.fillText(words, held, box[1] + 10)
  }
}

function meet(one, other) { return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1] }

export { ID, X, Y, EXPECTED, RATED }
