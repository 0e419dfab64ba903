// What the player remembers over reloads and shares between tabs, in this browser alone.
import { EMPTY, REPEATS } from "./queue.js"

export const KEY = "anagnorisis.player"
const VERSION = 1
export const FRESH = Object.freeze({
  queue: EMPTY, position: 0, level: 1, muted: false, radio: null, play: null })

export function save(state, storage = localStorage) {
  try {
    storage.setItem(KEY, JSON.stringify({ version: VERSION, ...state }))
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error // full: the music goes on, only a reload forgets
  }
}

// The state as it was saved; a fresh one where there is none, or none that can be read.
export function load(storage = localStorage) {
  return read(storage.getItem(KEY))
}

export function read(text) {
  let found
  try {
    found = JSON.parse(text ?? "null")
  } catch {
    return FRESH
  }
  if (found?.version !== VERSION || !isQueue(found.queue)) return FRESH
  const { queue, position, level, muted, radio, play } = found
  return {
    queue, position: number(position, 0, 1e6, 0), level: number(level, 0, 1, 1), muted: muted === true,
    radio: Array.isArray(radio?.recent) ? radio : null, play: typeof play?.token === "string" ? play : null }
}

function isQueue(queue) {
  return Array.isArray(queue?.songs) && queue.songs.every(song => song?.file && song.id)
    && REPEATS.includes(queue.repeat) && Number.isInteger(queue.at) && queue.at >= -1 && queue.at < queue.songs.length
}

const number = (value, low, high, otherwise) =>
  (Number.isFinite(value) && value >= low && value <= high ? value : otherwise)
