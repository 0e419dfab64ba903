import assert from "node:assert/strict"
import { afterEach, beforeEach, test } from "node:test"
import { Tape } from "../../static/js/player/tape.js"
import { Watch } from "../../static/js/player/watch.js"

let sent

beforeEach(() => {
  sent = []
  globalThis.document = { querySelector: () => ({ content: "token" }) }
  globalThis.location = { href: "http://here/videos/1" }
  globalThis.fetch = async (url, { body, keepalive }) => {
    sent.push({ url, keepalive, ...Object.fromEntries(body) })
    return { status: 200 }
  }
})
afterEach(() => { delete globalThis.document; delete globalThis.fetch; delete globalThis.location })

const watch = from => new Watch({ play: "/play", place: "/place" }, { duration: 100, from })

function look(at, from, to) {
  at.account.broke()
  for (let time = from; time <= to; time += 0.25) {
    at.account.at(time, time * 1000)
    at.moved(time)
  }
}

const plays = () => sent.filter(({ url }) => url === "/play")
const places = () => sent.filter(({ url }) => url === "/place").map(({ at }) => Number(at))

test("a visit that watches nothing tells nothing", () => {
  const visit = watch(0)
  visit.left()
  assert.deepEqual(sent, [])
})

test("what was watched is told as a play when the page is left, with its place", () => {
  const visit = watch(0)
  look(visit, 0, 30)
  visit.left()
  assert.equal(plays().length, 1)
  assert.equal(Number(plays()[0].heard), 30)
  assert.deepEqual(places(), [30])
  assert.ok(sent.every(({ keepalive }) => keepalive))
})

test("a video taken up again is no skip when it is left soon", () => {
  const visit = watch(40)
  look(visit, 40, 55)
  visit.left()
  assert.equal(plays().length, 0)
  assert.deepEqual(places(), [55])
})

test("at its end it is a play, and begins anew the next time", () => {
  const visit = watch(40)
  look(visit, 40, 99)
  visit.ended()
  assert.equal(plays()[0].ended, "1")
  assert.deepEqual(places(), [0])
  visit.left()
  assert.equal(plays().length, 1)
  assert.deepEqual(places(), [0])
})

test("a reload keeps the place and tells a play only once more than half was watched", () => {
  const visit = watch(0)
  look(visit, 0, 20)
  visit.pageGoes()
  assert.deepEqual([plays().length, places()], [0, [20]])
  look(visit, 20, 60)
  visit.pageGoes()
  assert.deepEqual([plays().length, places()], [1, [20, 60]])
})

function tape({ direct = false, src = "/stream?start=7&viewer=me", duration = 100 } = {}) {
  const element = { src, currentTime: 0, paused: true, played: 0, play: async () => { element.played += 1 } }
  const shown = []
  return { element, shown, tape: new Tape(element, { stream: "/stream", direct, duration, shown: at => shown.push(at) }) }
}

test("a converted video stands where its stream began and what of it played", () => {
  const { element, tape: one } = tape()
  assert.equal(one.at, 7)
  element.currentTime = 5
  assert.equal(one.at, 12)
})

test("going elsewhere starts another stream of the same viewer, within the video", () => {
  const { element, tape: one, shown } = tape()
  one.go(50)
  assert.equal(element.src, "/stream?start=50.00&viewer=me")
  one.go(500)
  assert.equal(element.src, "/stream?start=99.50&viewer=me")
  one.go(-5)
  assert.equal(element.src, "/stream?start=0.00&viewer=me")
  assert.deepEqual([element.played, shown.at(-1)], [0, 0])
  element.paused = false
  one.go(10)
  assert.equal(element.played, 1)
})

test("several steps in a row are one jump", async () => {
  const { element, tape: one, shown } = tape()
  one.step(10)
  one.step(10)
  one.step(10)
  assert.equal(element.src, "/stream?start=7&viewer=me")
  assert.equal(shown.at(-1), 37)
  await new Promise(done => { setTimeout(done, 500) })
  assert.equal(element.src, "/stream?start=37.00&viewer=me")
})

test("a direct video is only sought in, until the browser can't play it", () => {
  const { element, tape: one } = tape({ direct: true, src: "/file" })
  one.go(20)
  assert.deepEqual([element.src, element.currentTime, one.early], ["/file", 20, false])
  one.convert(20)
  assert.match(element.src, /^\/stream\?start=20\.00&viewer=\d+$/)
})
