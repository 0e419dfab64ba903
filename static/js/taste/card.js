// The small card that names an item of the map beside it, and says the same to a screen reader.
import { EXPECTED, ID, RATED } from "./draw.js"

const GAP = 16 // pixels between an item and its card
const EDGE = 4

export class Card {
  // parts: elements here, title, by, score, cover, status. items: the address that an id follows.
  constructor(parts, items) {
    Object.assign(this, { parts, items, known: new Map() })
  }

  hide() { this.parts.here.hidden = true }

  // Facts of an item, asked for once; null where it is gone.
  facts(id) {
    if (!this.known.has(id)) {
      this.known.set(id, fetch(`${this.items}${id}/facts`, { headers: { Accept: "application/json" } })
        .then(answer => answer.ok ? answer.json() : null))
    }
    return this.known.get(id)
  }

  show(point, facts) {
    const { here, title, by, score, cover, status } = this.parts
    const said = words(point)
    title.textContent = facts.title
    by.textContent = facts.by
    score.textContent = said
    cover.hidden = !facts.thumbnail
    if (facts.thumbnail) cover.src = `${facts.thumbnail}&side=96`
    here.href = facts.page
    here.hidden = false
    status.textContent = [facts.title, facts.by, said].filter(Boolean).join(", ")
    here.dataset.id = point[ID]
  }

  // Beside its item, never under the pointer, never outside.
  put([x, y], size) {
    const { here } = this.parts
    if (here.hidden) return
    here.style.left = `${Math.max(EDGE, Math.min(size.width - here.offsetWidth - EDGE, x - here.offsetWidth / 2))}px`
    here.style.top = `${y > here.offsetHeight + GAP + EDGE ? y - here.offsetHeight - GAP : y + GAP}px`
  }
}

export function words(point) {
  if (point[RATED] !== null) return `you gave ${point[RATED]}`
  return point[EXPECTED] === null ? "not rated" : `expected ${point[EXPECTED]}`
}
