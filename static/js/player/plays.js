// What was really heard of a song, and telling the server; the server decides what is a skip.

const UNSENT = "anagnorisis.unsent"
const MOST_UNSENT = 50
const SLACK = 0.5 // seconds by which the song may be ahead of the clock before it counts as a jump

// One play: its token, and the seconds heard. Seeking, waiting and pausing add nothing.
// `rest`: what was heard of this song before a page was closed is told already; see `report`.
export class Play {
  constructor({ token = newToken(), heard = 0, rest = false } = {}) {
    Object.assign(this, { token, heard, rest, last: null })
  }

  // The song is at `time` (seconds) and playing; `now` is the clock in milliseconds.
  at(time, now = performance.now()) {
    if (this.last) {
      const passed = time - this.last.time
      if (passed > 0 && passed <= (now - this.last.now) / 1000 + SLACK) this.heard += passed
    }
    this.last = { time, now }
  }

  // What comes next does not continue what was heard: a seek or a pause.
  broke() {
    this.last = null
  }

  get kept() {
    return { token: this.token, heard: this.heard, rest: this.rest }
  }
}

// Beyond half it can no longer be taken for a skip, so it may be told although the page may come back.
export const isSafe = (play, duration) => Boolean(duration) && play.heard >= duration / 2

// The rest of a told play is a play only if it says something new: leaving it early is no skip.
export function report(song, play, ended) {
  if (!song?.play || play.heard < 0.01 || (play.rest && !ended && !isSafe(play, song.duration))) return
  send({ url: song.play, heard: play.heard.toFixed(2), ended: ended ? "1" : "0", token: play.token })
}

// Plays that could not be told when they happened; the token makes telling twice harmless.
export function resend(storage = localStorage) {
  const unsent = JSON.parse(storage.getItem(UNSENT) ?? "[]")
  storage.removeItem(UNSENT)
  unsent.forEach(send)
}

async function send({ url, ...facts }) {
  try {
    const token = document.querySelector("meta[name=csrf-token]")?.content ?? ""
    const answer = await fetch(url, { // keepalive: it is sent although the page goes
      method: "POST", body: new URLSearchParams(facts), credentials: "same-origin", keepalive: true,
      headers: { "X-CSRFToken": token, Accept: "application/json" } })
    if (answer.status >= 500) keep({ url, ...facts })
  } catch {
    keep({ url, ...facts })
  }
}

function keep(unsent) {
  const kept = JSON.parse(localStorage.getItem(UNSENT) ?? "[]")
  localStorage.setItem(UNSENT, JSON.stringify([...kept, unsent].slice(-MOST_UNSENT)))
}

function newToken() { // not randomUUID: that is missing where a page is opened by http from another machine
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("")
}
