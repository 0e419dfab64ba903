// A rating moves what the evaluator expects of other items: those on the page are predicted again, at once. Controls hear
// "news:moved" with { module, moves: { id: [prediction, spread] } }.
import { post, tell } from "./send.js"

const TOGETHER = 8 // milliseconds: the same rating is told by this page and by the server
const READY = 60_000 // milliseconds for which a worker that was got ready surely stays so
const MOST = 500

const timers = new Map()
const asked = new Map()
const ready = new Map()

document.addEventListener("news:rating", ({ detail: { module } }) => {
  clearTimeout(timers.get(module))
  timers.set(module, setTimeout(() => move(module), TOGETHER))
})

// Whoever is about to rate is over a rating, or on it: time enough to load the evaluator.
for (const near of ["pointerover", "focusin"]) {
  document.addEventListener(near, ({ target }) => prepare(target.closest?.(".rating")?.dataset.ratingModuleValue), { passive: true })
}

export function prepare(module) {
  if (!module || performance.now() - (ready.get(module) ?? -READY) < READY) return
  ready.set(module, performance.now())
  post(`/${module}/moved`).catch(() => {}) // nothing learned here, or too busy: the rating itself asks again
}

async function move(module) {
  const ids = shown(module)
  if (!ids.length) return
  const turn = (asked.get(module) ?? 0) + 1
  asked.set(module, turn)
  ready.set(module, performance.now())
  const said = await post(`/${module}/moved`, { ids: ids.join(",") }).catch(() => null) // they move with the next page, then
  if (said && asked.get(module) === turn) tell("moved", { module, moves: said.moves })
}

function shown(module) {
  const ids = [...document.querySelectorAll(`.rating[data-rating-module-value="${module}"]`)].map(({ dataset }) => dataset.ratingIdValue)
  const others = [...document.querySelectorAll(`[data-moves="${module}"]`)].map(({ dataset }) => dataset.movesId)
  return [...new Set([...ids, ...others])].filter(Boolean).slice(0, MOST)
}
