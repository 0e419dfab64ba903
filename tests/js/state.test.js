import assert from "node:assert/strict"
import { test } from "node:test"
import { make } from "../../static/js/player/queue.js"
import { FRESH, load, read, save } from "../../static/js/player/state.js"

function storage(limit = Infinity) {
  const kept = new Map()
  return {
    getItem: key => kept.get(key) ?? null,
    setItem(key, value) {
      if (value.length > limit) throw new DOMException("full", "QuotaExceededError")
      kept.set(key, value)
    },
  }
}

const song = { id: 1, module: "music", title: "One", file: "/music/1/file" }
const state = {
  queue: make([song]), position: 12.5, level: 0.4, muted: true, radio: { seed: "7", recent: [3, 1] },
  play: { token: "abc", heard: 11 } }

test("what was saved is what is loaded", () => {
  const kept = storage()
  save(state, kept)
  assert.deepEqual(load(kept), state)
})

test("nothing saved is a fresh state", () => assert.deepEqual(load(storage()), FRESH))

test("what can't be read is forgotten, not thrown", () => {
  const broken = ["", "{", "7", "null", '{"version":0}', '{"version":1}',
    '{"version":1,"queue":{"songs":[],"at":0,"repeat":"off"}}',
    '{"version":1,"queue":{"songs":[{"title":"no file"}],"at":0,"repeat":"off"}}']
  for (const text of broken) assert.deepEqual(read(text), FRESH, text)
})

test("numbers out of their range are put right", () => {
  const found = read(JSON.stringify({ version: 1, ...state, level: 7, position: -3, radio: "on" }))
  assert.equal(found.level, 1)
  assert.equal(found.position, 0)
  assert.equal(found.radio, null)
})

test("a full storage does not stop the music", () => save(state, storage(10)))
