// The radio as the player sees it: a seed, what was heard by it, and asking the server for more.
import { coming } from "./queue.js"

const URL_OF_QUEUE = "/music/radio/queue"
const COUNT = 12
export const FEW = 4 // songs left, below which more are asked for
const MOST_RECENT = 100
const SEEDS = 10_000

export const tune = (seed, recent = []) => ({ seed: seed || String(Math.floor(Math.random() * SEEDS)), recent })

// With this song heard, oldest first.
export const heard = (radio, id) => radio && { ...radio, recent: [...radio.recent, id].slice(-MOST_RECENT) }

// Ids the server shall not choose again soon: what was heard, and what is going to be.
export const recent = (radio, queue) =>
  [...radio.recent, ...coming(queue).map(song => song.id)].slice(-MOST_RECENT)

// The next songs, each with its `why`; an empty list where the library has none.
export async function more(seed, ids, count = COUNT) {
  const asked = new URLSearchParams({ seed, recent: ids.join(","), count })
  const answer = await fetch(`${URL_OF_QUEUE}?${asked}`, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(`The radio does not answer (${answer.status}).`)
  return (await answer.json()).songs
}
