// Shows on every page which of its songs plays: data-playing="yes" or "paused" on what started it.

export function connect(player, page = document) {
  const mark = () => page.querySelectorAll("[data-play]").forEach(element => {
    const { id, module } = JSON.parse(element.dataset.play)
    const is = player.song?.id === id && player.song.module === module
    if (is) element.dataset.playing = player.playing ? "yes" : "paused"
    else delete element.dataset.playing
  })
  player.addEventListener("change", mark)
  for (const name of ["turbo:frame-load", "turbo:render"]) page.addEventListener(name, mark)
}
