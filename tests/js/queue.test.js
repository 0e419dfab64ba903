import assert from "node:assert/strict"
import { test } from "node:test"
import * as line from "../../static/js/player/queue.js"

const song = id => ({ id, module: "music", title: `Song ${id}`, file: `/music/${id}/file` })
const songs = (...ids) => ids.map(song)
const ids = queue => queue.songs.map(({ id }) => id)
const now = queue => line.current(queue)?.id
const dice = (seed = 1) => () => ((seed = (seed * 16807) % 2147483647) / 2147483647)

test("a queue starts at the song that was asked for", () => {
  const queue = line.make(songs(1, 2, 3), 1)
  assert.equal(now(queue), 2)
  assert.deepEqual(line.coming(queue).map(({ id }) => id), [3])
})

test("an empty list makes a queue without a song, and nothing in it fails", () => {
  const queue = line.make([])
  assert.equal(line.current(queue), null)
  assert.equal(line.next(queue), null)
  assert.equal(line.following(queue), null)
  assert.equal(line.previous(queue), queue)
  assert.equal(line.shuffled(queue, true).shuffle, true)
})

test("it ends after the last song, or goes around when all are repeated", () => {
  const queue = line.make(songs(1, 2), 1)
  assert.equal(line.next(queue), null)
  assert.equal(now(line.next({ ...queue, repeat: "all" })), 1)
})

test("repeating one song holds when it ends, not when the person goes on", () => {
  const queue = line.make(songs(1, 2), 0, { repeat: "one" })
  assert.equal(now(line.next(queue, { ended: true })), 1)
  assert.equal(now(line.next(queue)), 2)
})

test("what follows is known for loading it early, but not across a new shuffle", () => {
  assert.equal(line.following(line.make(songs(1, 2))).id, 2)
  assert.equal(line.following(line.make(songs(1, 2), 1)), null)
  assert.equal(line.following(line.make(songs(1, 2), 1, { repeat: "all" })).id, 1)
  assert.equal(line.following(line.make(songs(1, 2), 1, { repeat: "one" })).id, 2)
  assert.equal(line.following({ ...line.make(songs(1, 2, 3), 2, { repeat: "all" }), shuffle: true }), null)
})

test("previous stops at the first song, or goes around", () => {
  const queue = line.make(songs(1, 2))
  assert.equal(line.previous(queue), queue)
  assert.equal(now(line.previous({ ...queue, repeat: "all" })), 2)
})

test("shuffling keeps the playing song first and loses none", () => {
  const queue = line.make(songs(1, 2, 3, 4, 5, 6), 2)
  const mixed = line.shuffled(queue, true, dice())
  assert.equal(now(mixed), 3)
  assert.equal(mixed.at, 0)
  assert.deepEqual(ids(mixed).toSorted(), [1, 2, 3, 4, 5, 6])
  assert.notDeepEqual(ids(mixed), [3, 1, 2, 4, 5, 6])
})

test("taking the shuffle back restores the order, at the song that plays", () => {
  const mixed = line.shuffled(line.make(songs(1, 2, 3, 4)), true, dice())
  const there = line.next(mixed)
  const back = line.shuffled(there, false)
  assert.deepEqual(ids(back), [1, 2, 3, 4])
  assert.equal(now(back), now(there))
})

test("every order of a shuffle comes up about equally often", () => {
  const random = dice(7)
  const seen = {}
  for (let round = 0; round < 6000; round += 1) {
    const key = ids(line.shuffled(line.make(songs(0, 1, 2, 3)), true, random)).join()
    seen[key] = (seen[key] ?? 0) + 1
  }
  assert.equal(Object.keys(seen).length, 6)
  for (const count of Object.values(seen)) assert.ok(count > 850 && count < 1150, `${count}`)
})

test("a repeated shuffle does not begin with the song that just ended", () => {
  const random = dice(3)
  for (let round = 0; round < 50; round += 1) {
    const last = { ...line.shuffled(line.make(songs(1, 2, 3)), true, random), repeat: "all", at: 2 }
    const again = line.next(last, { ended: true }, random)
    assert.notEqual(now(again), now(last))
    assert.deepEqual(ids(again).toSorted(), [1, 2, 3])
  }
})

test("what a person adds comes next, in the order of asking, before what was there", () => {
  let queue = line.make(songs(1, 2, 3))
  queue = line.ask(queue, songs(8))
  queue = line.ask(queue, songs(9))
  assert.deepEqual(ids(queue), [1, 8, 9, 2, 3])
})

test("what the radio adds comes last; into an empty queue it comes first", () => {
  assert.deepEqual(ids(line.append(line.make(songs(1)), songs(2, 3))), [1, 2, 3])
  assert.equal(now(line.append(line.EMPTY, songs(2))), 2)
})

test("places are unique even for one song twice, also after taking songs out", () => {
  let queue = line.append(line.make(songs(1, 2)), songs(1))
  queue = line.append(line.remove(queue, 1), songs(1))
  assert.equal(new Set(queue.songs.map(({ place }) => place)).size, 3)
  assert.equal(line.jump(queue, queue.songs[2].place).at, 2)
})

test("taking a song out keeps the playing one, which itself stays", () => {
  const queue = line.make(songs(1, 2, 3), 1)
  assert.equal(now(line.remove(queue, 0)), 2)
  assert.equal(now(line.remove(queue, 2)), 2)
  assert.equal(line.remove(queue, 1), queue)
  assert.equal(line.remove(queue, 99), queue)
})

test("clearing leaves what was heard and what plays", () => {
  assert.deepEqual(ids(line.clear(line.make(songs(1, 2, 3, 4), 1))), [1, 2])
})

test("repeat goes off, all, one, off", () => {
  let queue = line.make(songs(1))
  const seen = [1, 2, 3].map(() => (queue = line.repeated(queue)).repeat)
  assert.deepEqual(seen, ["all", "one", "off"])
})

test("a new rating is shown wherever the song stands, and nothing else changes", () => {
  const queue = line.make(songs(1, 2, 1))
  const rated = line.patched(queue, 1, "music", { rating: 8 })
  assert.deepEqual(rated.songs.map(({ rating }) => rating), [8, undefined, 8])
  assert.equal(line.patched(queue, 5, "music", { rating: 8 }), queue)
  assert.equal(line.patched(queue, 1, "images", { rating: 8 }), queue)
})

test("a long radio lets go of what was heard long ago", () => {
  const queue = line.trimmed(line.make(songs(...Array(100).keys()), 80))
  assert.equal(now(queue), 80)
  assert.equal(queue.at, 30)
  assert.equal(line.coming(queue).length, 19)
})

test("a queue changed in another tab is taken over at the song that plays here", () => {
  const own = line.make(songs(1, 2, 3), 1)
  const theirs = line.remove(line.make(songs(1, 2, 3), 0), 2)
  assert.equal(now(line.merged(own, theirs)), 2)
  assert.deepEqual(ids(line.merged(own, theirs)), [1, 2])
  assert.equal(line.merged(own, line.make(songs(7))), own)
})
