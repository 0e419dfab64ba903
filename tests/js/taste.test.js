import assert from "node:assert/strict"
import { test } from "node:test"
import { step } from "../../static/js/taste/draw.js"
import { words } from "../../static/js/taste/card.js"
import * as view from "../../static/js/taste/view.js"

const size = { width: 852, height: 452 }
const points = [[1, 100, 500], [2, 500, 500], [3, 900, 480], [4, 520, 100]]

test("the whole map fills the screen but for its edge", () => {
  assert.deepEqual(view.toScreen(view.WHOLE, size, [0, 0]), [26, 26])
  assert.deepEqual(view.toScreen(view.WHOLE, size, [1000, 1000]), [826, 426])
})

test("what lies under the pointer stays there while it grows", () => {
  const at = view.toScreen(view.WHOLE, size, [400, 600])
  const near = view.zoomed(view.WHOLE, size, 3, at)
  view.toScreen(near, size, [400, 600]).forEach((value, axis) => assert.ok(Math.abs(value - at[axis]) < 1e-6))
  assert.equal(view.zoomed(near, size, 1e9).zoom, view.MOST_ZOOM)
  assert.deepEqual(view.zoomed(near, size, 1e-9), view.WHOLE)
})

test("it is never moved off the map", () => {
  const far = view.moved(view.zoomed(view.WHOLE, size, 2), size, 1e6, -1e6)
  assert.deepEqual(far, { x: 250, y: 750, zoom: 2 })
})

test("the nearest point is found, and none where none is near", () => {
  assert.equal(view.nearest(points, view.WHOLE, size, view.toScreen(view.WHOLE, size, [505, 500])), 1)
  assert.equal(view.nearest(points, view.WHOLE, size, [0, 0]), -1)
})

test("arrows go to the next point in their direction", () => {
  assert.equal(view.next(points, size, 0, "ArrowRight"), 1)
  assert.equal(view.next(points, size, 1, "ArrowRight"), 2)
  assert.equal(view.next(points, size, 1, "ArrowUp"), 3)
  assert.equal(view.next(points, size, 0, "ArrowLeft"), 0)
})

test("a point outside the view is brought into it, one inside moves nothing", () => {
  const near = view.zoomed(view.WHOLE, size, 4)
  assert.equal(view.showing(near, size, [500, 500]), near)
  const [x] = view.toScreen(view.showing(near, size, [900, 500]), size, [900, 500])
  assert.ok(x <= size.width && x >= 0)
})

test("values have the colours from low to high, and none without a value", () => {
  const range = { low: 2, high: 9 }
  assert.deepEqual([0, 2, 5.5, 9, 10].map(value => step(value, range)), [0, 0, 3, 6, 6])
  assert.equal(step(null, range), null)
})

test("a rating is said before a guess", () => {
  assert.equal(words([1, 0, 0, 5.5, 0]), "you gave 0")
  assert.equal(words([1, 0, 0, 5.5, null]), "expected 5.5")
  assert.equal(words([1, 0, 0, null, null]), "not rated")
})
