import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import { make } from "../../static/js/player/queue.js"
import { heard, more, recent, tune } from "../../static/js/player/radio.js"
import { clock, factor, length, score } from "../../static/js/player/words.js"

const real = globalThis.fetch
afterEach(() => { globalThis.fetch = real })

test("a given seed is kept, no seed draws one", () => {
  assert.equal(tune("42").seed, "42")
  assert.match(tune("").seed, /^\d{1,4}$/)
})

test("what was heard is remembered, oldest first, a hundred at most", () => {
  let radio = tune("1")
  for (let id = 0; id < 150; id += 1) radio = heard(radio, id)
  assert.equal(radio.recent.length, 100)
  assert.equal(radio.recent[0], 50)
  assert.equal(radio.recent.at(-1), 149)
  assert.equal(heard(null, 1), null)
})

test("what is going to be heard is not asked for again", () => {
  const queue = make([5, 6, 7].map(id => ({ id })))
  assert.deepEqual(recent(heard(tune("1"), 5), queue), [5, 6, 7])
})

test("it asks by seed and what was heard, and gives the songs", async () => {
  let asked
  globalThis.fetch = async url => {
    asked = new URL(url, "http://localhost")
    return { ok: true, json: async () => ({ songs: [{ id: 9 }] }) }
  }
  assert.deepEqual(await more("7", [1, 2]), [{ id: 9 }])
  assert.equal(asked.pathname, "/music/radio/queue")
  assert.deepEqual(Object.fromEntries(asked.searchParams), { seed: "7", recent: "1,2", count: "12" })
})

test("a server that fails is said", async () => {
  globalThis.fetch = async () => ({ ok: false, status: 500 })
  await assert.rejects(more("7", []), /500/)
})

test("times and factors as a person reads them", () => {
  assert.deepEqual([0, 59.9, 61, 3661, NaN, null].map(clock), ["0:00", "0:59", "1:01", "1:01:01", "0:00", "0:00"])
  assert.equal(length(180.6), "3:01")
  assert.equal(factor(49), "× 49.00")
  assert.equal(factor(0.5), "× 0.50")
  assert.equal(score([{ factor: 49 }, { factor: 0.5 }]), "24.5")
})
