// The queue: which songs, in which order, and where we are. Every function is pure and gives a new queue.
//
// A song is the server's facts ({id, title, by, file, page, ...}, from the radio also `why`) with a `place`: its number
// in the order it was asked for, unique in the queue, so that a shuffle can be taken back and a song may come twice.

export const EMPTY = Object.freeze({ songs: [], at: -1, shuffle: false, repeat: "off" })
export const REPEATS = ["off", "all", "one"]
const KEPT_BEHIND = 30

export function make(songs, at = 0, { shuffle = false, repeat = "off" } = {}, random = Math.random) {
  const placed = songs.map((song, place) => ({ ...song, place }))
  const queue = { songs: placed, at: placed.length ? clamp(at, 0, placed.length - 1) : -1, shuffle: false, repeat }
  return shuffle ? shuffled(queue, true, random) : queue
}

export const current = queue => queue.songs[queue.at] ?? null
export const coming = queue => queue.songs.slice(queue.at + 1)

// The queue one song on; null at its end. `ended`: the song came to its end by itself, so that repeating one holds.
export function next(queue, { ended = false } = {}, random = Math.random) {
  if (queue.at < 0) return null
  if (ended && queue.repeat === "one") return queue
  if (queue.at + 1 < queue.songs.length) return { ...queue, at: queue.at + 1 }
  return queue.repeat === "all" ? around(queue, random) : null
}

// What will be heard when this song ends; null where that is nothing, or not known yet (a new shuffle).
export function following(queue) {
  const wraps = queue.repeat === "all" && queue.at + 1 >= queue.songs.length
  if (wraps && queue.shuffle && queue.songs.length > 1) return null
  const then = next(queue, { ended: true })
  return then && current(then)
}

export function previous(queue) {
  if (queue.at > 0) return { ...queue, at: queue.at - 1 }
  return queue.repeat === "all" && queue.songs.length ? { ...queue, at: queue.songs.length - 1 } : queue
}

export function jump(queue, place) {
  const at = queue.songs.findIndex(song => song.place === place)
  return at < 0 ? queue : { ...queue, at }
}

// At the end: what the radio adds.
export function append(queue, songs) {
  const added = numbered(queue, songs)
  return { ...queue, songs: [...queue.songs, ...added], at: queue.at < 0 && added.length ? 0 : queue.at }
}

// After this song and after what was asked for before: what a person adds.
export function ask(queue, songs) {
  const added = numbered(queue, songs).map(song => ({ ...song, asked: true }))
  let to = queue.at + 1
  while (queue.songs[to]?.asked) to += 1
  return { ...queue, songs: queue.songs.toSpliced(to, 0, ...added), at: queue.at < 0 && added.length ? 0 : queue.at }
}

// Without one of the coming songs; the song that plays is not removed.
export function remove(queue, place) {
  const where = queue.songs.findIndex(song => song.place === place)
  if (where < 0 || where === queue.at) return queue
  return { ...queue, songs: queue.songs.toSpliced(where, 1), at: where < queue.at ? queue.at - 1 : queue.at }
}

export const clear = queue => ({ ...queue, songs: queue.songs.slice(0, queue.at + 1) })

// Shuffled, this song is first and all others come in another order; not shuffled, the places are the order again.
export function shuffled(queue, shuffle, random = Math.random) {
  const song = current(queue)
  if (shuffle === queue.shuffle || !song) return { ...queue, shuffle }
  if (shuffle) {
    return { ...queue, shuffle, songs: [song, ...mixed(queue.songs.filter(other => other !== song), random)], at: 0 }
  }
  const songs = queue.songs.toSorted((one, other) => one.place - other.place)
  return { ...queue, shuffle, songs, at: songs.indexOf(song) }
}

export const repeated = queue => ({ ...queue, repeat: REPEATS[(REPEATS.indexOf(queue.repeat) + 1) % REPEATS.length] })

// Facts that changed (a rating), wherever that song stands.
export function patched(queue, id, module, facts) {
  const same = song => song.id === id && song.module === module
  if (!queue.songs.some(same)) return queue
  return { ...queue, songs: queue.songs.map(song => (same(song) ? { ...song, ...facts } : song)) }
}

// A radio never ends: what was heard long ago is let go.
export function trimmed(queue) {
  const cut = Math.max(0, queue.at - KEPT_BEHIND)
  return cut ? { ...queue, songs: queue.songs.slice(cut), at: queue.at - cut } : queue
}

// Another tab changed the queue while this one plays on: its songs, at the song that plays here.
export function merged(own, theirs) {
  const at = theirs.songs.findIndex(song => song.place === current(own)?.place && song.id === current(own)?.id)
  return at < 0 ? own : { ...theirs, at }
}

// The own queue where theirs is the same, so that nobody draws it anew.
export const unchanged = (own, theirs) => (JSON.stringify(own) === JSON.stringify(theirs) ? own : theirs)

function around(queue, random) {
  if (!queue.shuffle || queue.songs.length < 3) return { ...queue, at: 0 }
  const [first, ...rest] = mixed(queue.songs.filter(song => song !== current(queue)), random)
  return { ...queue, songs: [first, ...mixed([...rest, current(queue)], random)], at: 0 }
}

function numbered(queue, songs) {
  const free = Math.max(-1, ...queue.songs.map(song => song.place)) + 1
  return songs.map((song, number) => ({ ...song, place: free + number }))
}

function mixed(songs, random) {
  const result = [...songs]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]]
  }
  return result
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high)
