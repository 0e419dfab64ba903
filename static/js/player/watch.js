// What was watched of a video in this visit: counted as a song is, and the place kept so that it goes on from there.
import { isSafe, Play, report } from "./plays.js"

const KEEP_EVERY = 10_000 // milliseconds

export class Watch {
  // `urls`: {play, place}; `from`: where it was taken up again. The rest of a video is never a skip.
  constructor(urls, { duration, from = 0 }) {
    Object.assign(this, { urls, duration, time: from, kept: performance.now(), touched: false })
    this.account = new Play({ rest: from > 0 })
  }

  get facts() { return { play: this.urls.play, duration: this.duration } }

  // It is at `time` (seconds) and playing.
  at(time) {
    this.account.at(time)
    this.moved(time)
    if (performance.now() - this.kept > KEEP_EVERY) this.keep()
  }

  // It stands at `time`; what comes next does not continue what was seen.
  broke(time) {
    this.account.broke()
    this.moved(time)
  }

  moved(time) {
    this.touched ||= time !== this.time
    this.time = time
  }

  keep(time = this.time) {
    if (!this.touched) return
    this.kept = performance.now()
    send(this.urls.place, { at: time.toFixed(2) })
  }

  ended() {
    report(this.facts, this.account, true)
    this.account = new Play()
    this.touched = true
    this.keep(0)
    this.touched = false
  }

  left() {
    report(this.facts, this.account, false)
    this.keep()
  }

  // As with songs: left before half is not told, because it may be a reload.
  pageGoes() {
    this.keep()
    if (!isSafe(this.account, this.duration)) return
    report(this.facts, this.account, false)
    this.account = new Play({ rest: true })
  }
}

// It is sent although the page goes; a place that could not be told is no trouble worth a word.
function send(url, fields) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? ""
  fetch(url, { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin", keepalive: true,
    headers: { "X-CSRFToken": token, Accept: "application/json" } }).catch(() => {})
}
