import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import { isSafe, Play, report, resend } from "../../static/js/player/plays.js"

function listen(play, from, to, { clock = 0, step = 0.25 } = {}) {
  for (let time = from; time <= to + 1e-9; time += step) play.at(time, clock + (time - from) * 1000)
}

test("what is heard is the time that passed while it sounded", () => {
  const play = new Play()
  listen(play, 0, 10)
  assert.ok(Math.abs(play.heard - 10) < 1e-9)
})

test("seeking forward adds nothing", () => {
  const play = new Play()
  listen(play, 0, 2)
  play.broke()
  listen(play, 100, 103, { clock: 2000 })
  assert.ok(Math.abs(play.heard - 5) < 1e-9)
})

test("a jump that was not told adds nothing either", () => {
  const play = new Play()
  play.at(0, 0)
  play.at(60, 250)
  play.at(60.25, 500)
  assert.equal(play.heard, 0.25)
})

test("going back hears again, and takes nothing away", () => {
  const play = new Play()
  listen(play, 10, 12)
  listen(play, 0, 2, { clock: 2250 })
  assert.ok(Math.abs(play.heard - 4) < 1e-9)
})

test("a page in the background that is asked rarely still counts all", () => {
  const play = new Play()
  play.at(0, 0)
  play.at(60, 60_000)
  assert.equal(play.heard, 60)
})

test("a pause adds nothing, however long", () => {
  const play = new Play()
  listen(play, 0, 3)
  play.broke()
  play.at(3, 900_000)
  assert.ok(Math.abs(play.heard - 3) < 1e-9)
})

test("a play goes on after a reload under its own token", () => {
  const play = new Play()
  listen(play, 0, 3)
  const again = new Play(JSON.parse(JSON.stringify(play.kept)))
  listen(again, 3, 5)
  assert.equal(again.token, play.token)
  assert.ok(Math.abs(again.heard - 5) < 1e-9)
  assert.match(play.token, /^[0-9a-f]{32}$/)
  assert.notEqual(new Play().token, new Play().token)
})

test("a play is safe to tell early once it can't be a skip", () => {
  assert.equal(isSafe(new Play({ heard: 49 }), 100), false)
  assert.equal(isSafe(new Play({ heard: 50 }), 100), true)
  assert.equal(isSafe(new Play({ heard: 50 }), null), false)
})

const song = { id: 1, play: "/music/1/play", duration: 100 }
const real = { fetch: globalThis.fetch }
afterEach(() => Object.assign(globalThis, real))

function server(answer) {
  const sent = []
  const kept = new Map()
  globalThis.document = { querySelector: () => ({ content: "token of the page" }) }
  globalThis.localStorage = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value), removeItem: key => kept.delete(key) }
  globalThis.fetch = async (url, options) => {
    sent.push({ url, options, fields: Object.fromEntries(options.body) })
    return answer()
  }
  return sent
}

test("a play is told with its token, even while the page goes", () => {
  const sent = server(() => ({ status: 200 }))
  report(song, new Play({ token: "abc", heard: 12.345 }), true)
  assert.deepEqual(sent[0].fields, { heard: "12.35", ended: "1", token: "abc" })
  assert.equal(sent[0].options.keepalive, true)
  assert.equal(sent[0].options.headers["X-CSRFToken"], "token of the page")
})

test("nothing heard is nothing to tell", () => {
  const sent = server(() => ({ status: 200 }))
  report(song, new Play(), false)
  report(null, new Play({ heard: 5 }), false)
  report({ id: 2 }, new Play({ heard: 5 }), false)
  assert.equal(sent.length, 0)
})

test("the rest of a play that was told is told when it ends, and never as a skip", () => {
  const sent = server(() => ({ status: 200 }))
  report(song, new Play({ heard: 30, rest: true }), false)
  assert.equal(sent.length, 0)
  report(song, new Play({ heard: 30, rest: true }), true)
  report(song, new Play({ heard: 60, rest: true }), false)
  assert.equal(sent.length, 2)
})

test("what the server did not hear is told again, once", async () => {
  server(() => { throw new TypeError("offline") })
  report(song, new Play({ token: "lost", heard: 5 }), false)
  await new Promise(setImmediate)
  const { localStorage } = globalThis
  const sent = server(() => ({ status: 200 }))
  resend(localStorage)
  resend(localStorage)
  await new Promise(setImmediate)
  assert.deepEqual(sent.map(({ fields }) => fields.token), ["lost"])
})

test("a song that is gone is not told for ever", async () => {
  const sent = server(() => ({ status: 404 }))
  report(song, new Play({ heard: 5 }), false)
  await new Promise(setImmediate)
  resend(globalThis.localStorage)
  assert.equal(sent.length, 1)
})
