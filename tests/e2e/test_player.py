"""The player and the radio in a real browser: sound that goes on, accounts that are right, state that survives."""

import json
import re

import pytest

PLAYER = "const { player } = await import('/static/js/player/index.js');"
PLAYS = ("SELECT item_id, heard, finished, skipped FROM play ORDER BY id DESC LIMIT ?")


def ask(page, script: str):
    """The value of a script that knows `player`, the page's own."""
    return page.evaluate(f"async () => {{ {PLAYER} {script} }}")


def time_of(page) -> float:
    return ask(page, "return player.time")


def playing(page) -> bool:
    return ask(page, "return player.playing && !player.sound.deck.paused && player.time > 0.05")


def play(page, title: str, until) -> None:
    """Click the play link of a song on a page of songs, and wait until it sounds."""
    page.locator(f"""[data-play*='"title": "{title}"'], [data-play*='"title":"{title}"']""").first.click()
    until(lambda: playing(page))


@pytest.fixture
def music(open_page, until):
    """The songs by title, Song 03 playing."""
    page = open_page("/music/?sort=title&dir=asc&view=grid")
    play(page, "Song 03", until)
    return page


def test_nothing_is_in_the_way_before_anything_was_played(open_page):
    assert open_page().locator(".player").is_hidden()


def test_a_song_plays_and_its_time_advances(music, until):
    first = time_of(music)
    until(lambda: time_of(music) > first + 0.5)
    assert music.locator(".player-title").inner_text() == "Song 03"
    assert music.locator(".player-toggle").get_attribute("aria-label") == "Pause"
    assert music.locator("[data-playing=yes]").count() >= 1


def test_the_songs_of_the_page_come_next(music):
    assert ask(music, "return player.queue.songs[player.queue.at + 1].title") == "Song 04"
    assert ask(music, "return player.queue.songs.length") == 24


def test_a_key_rates_the_playing_song(music, site, until):
    music.locator("body").press("8")
    until(lambda: site.rows("SELECT rating FROM song WHERE title = 'Song 03'") == [(8.0,)])
    until(lambda: music.locator(".player-rating .rating-value").inner_text().strip() == "8")
    assert playing(music)


def test_keys_steer_the_player_also_after_a_page_change(music, site, until):
    music.locator("main a[href='/music/5']").first.click()
    music.wait_for_url("**/music/5")
    body = music.locator("body")
    until(lambda: playing(music))
    body.press("Space")
    until(lambda: not playing(music))
    before = time_of(music)
    body.press("ArrowRight")
    until(lambda: time_of(music) >= before + 9.9)
    body.press("Space")
    until(lambda: playing(music))
    body.press("r")
    body.press("7")
    body.press("5")
    until(lambda: site.rows("SELECT rating FROM song WHERE title = 'Song 03'") == [(7.5,)])
    body.press("Shift+ArrowRight")
    until(lambda: ask(music, "return player.song.title") == "Song 04" and playing(music))
    music.locator("#search").press_sequentially("9 0")
    assert playing(music)
    assert site.rows("SELECT count(*) FROM song WHERE rating = 9 OR title = 'Song 04' AND rating IS NOT NULL") == [(0,)]


def test_it_plays_on_while_the_page_changes(music, until):
    ask(music, "window.sounding = player.sound.deck.now")
    before = time_of(music)
    music.locator("main a[href$='/music/5'], main a[href='/music/5']").first.click()
    music.wait_for_url("**/music/5")
    assert ask(music, "return window.sounding === player.sound.deck.now")
    until(lambda: time_of(music) > before + 0.8)
    assert music.locator(".player-title").inner_text() == "Song 03"
    gap = ask(music, "const a = player.time; await new Promise(r => setTimeout(r, 500)); return player.time - a")
    assert gap == pytest.approx(0.5, abs=0.25)
    music.go_back()
    music.wait_for_url("**/music/?*")
    until(lambda: music.locator(".player-title").inner_text() == "Song 03" and playing(music))
    music.get_by_role("button", name="Pause", exact=True).click()
    until(lambda: not playing(music))


def test_next_before_half_is_a_skip(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    until(lambda: time_of(music) > 1)
    music.get_by_role("button", name="Next", exact=True).click()
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)
    [(_, heard, finished, skipped)] = site.rows(PLAYS, 1)
    assert (finished, skipped) == (0, 1)
    assert 0.9 < heard < 4
    until(lambda: playing(music))
    assert music.locator(".player-title").inner_text() == "Song 04"


def test_seeking_is_not_hearing(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    ask(music, "player.seek(20)")
    until(lambda: time_of(music) > 20.5)
    music.get_by_role("button", name="Next", exact=True).click()
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)
    assert site.rows(PLAYS, 1)[0][1] < 4


def test_the_next_song_starts_at_once_and_the_end_is_reported(music, site, until, record_property):
    known = len(site.rows(PLAYS, 1000))
    gap = ask(music, """
        player.seek(player.length - 2.2);
        const deck = player.sound.deck, old = deck.now;
        const ended = new Promise(done => old.addEventListener('ended', () => done(performance.now()), { once: true }));
        const sounds = new Promise(done => deck.spare.addEventListener('playing', () => done(performance.now())));
        return await sounds - await ended""")
    record_property("gap_ms", gap)
    print(f"gap between two songs: {gap:.1f} ms")
    assert gap < 250
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)
    assert site.rows(PLAYS, 1)[0][2:] == (1, 0)
    assert music.locator(".player-title").inner_text() == "Song 04"


def test_a_reload_restores_the_queue_and_the_place(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    until(lambda: time_of(music) > 0.5)
    ask(music, "player.jump(player.queue.songs[6].place); player.repeat(); player.volume({ level: 0.5 })")
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)
    until(lambda: time_of(music) > 1.5)
    before, token = time_of(music), ask(music, "return player.sound.play.token")
    music.reload()
    until(lambda: ask(music, "return player.song?.title") == "Song 07")
    assert not ask(music, "return player.playing")
    assert time_of(music) == pytest.approx(before, abs=0.5)
    assert ask(music, "return [player.queue.songs.length, player.queue.repeat, player.state.level]") == [24, "all", 0.5]
    music.get_by_role("button", name="Play", exact=True).click()
    until(lambda: time_of(music) > before + 0.5)
    assert ask(music, "return player.sound.play.token") == token
    assert ask(music, "return player.sound.play.heard") > before
    assert len(site.rows(PLAYS, 1000)) == known + 1, "a reload is no skip"


def test_a_page_closed_after_half_is_reported(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    ask(music, "player.sound.play.heard = 13")
    music.close(run_before_unload=False)
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)
    assert site.rows(PLAYS, 1)[0][2:] == (0, 0)


def test_a_song_finished_after_a_reload_is_finished(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    ask(music, "player.sound.play.heard = 13; player.seek(player.length - 1.5); player.pause()")
    music.reload()
    music.get_by_role("button", name="Play", exact=True).click()
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 2)
    assert [row[2:] for row in site.rows(PLAYS, 2)] == [(1, 0), (0, 0)]


def test_what_could_not_be_told_is_told_later(music, site, until):
    known = len(site.rows(PLAYS, 1000))
    until(lambda: time_of(music) > 0.5)
    music.route("**/play", lambda route: route.abort())
    music.get_by_role("button", name="Next", exact=True).click()
    until(lambda: music.evaluate("localStorage.getItem('anagnorisis.unsent')"))
    assert len(site.rows(PLAYS, 1000)) == known
    music.unroute("**/play")
    music.reload()
    until(lambda: len(site.rows(PLAYS, 1000)) == known + 1)


def test_one_tab_plays_at_a_time(music, open_page, until):
    other = open_page("/music/?sort=title&dir=asc&view=grid", context=music.context)
    assert other.locator(".player-title").inner_text() == "Song 03"
    play(other, "Song 09", until)
    until(lambda: not ask(music, "return player.playing"))
    until(lambda: music.locator(".player-title").inner_text() == "Song 09")
    music.get_by_role("button", name="Play", exact=True).click()
    until(lambda: playing(music) and not ask(other, "return player.playing"))
    assert ask(music, "return player.song.title") == "Song 09"


def test_songs_that_fail_are_passed_over_but_not_for_ever(open_page, site, until):
    page = open_page("/music/?sort=title&dir=asc&view=grid")
    page.evaluate("window.said = []; document.addEventListener('notice:show', event => said.push(event.detail.words))")
    gone = [str(id_) for number in (4, 5, 6, 9, 10)
            for id_, in site.rows("SELECT id FROM song WHERE title = ?", f"Song {number:02d}")]
    page.route(re.compile(f"/music/({'|'.join(gone)})/file"), lambda route: route.fulfill(status=404, body="gone"))
    play(page, "Song 03", until)
    page.get_by_role("button", name="Next", exact=True).click()
    until(lambda: page.evaluate("said.at(-1)") == "3 songs in a row can't be played: the player stopped.")
    assert not ask(page, "return player.playing")
    play(page, "Song 08", until)
    page.get_by_role("button", name="Next", exact=True).click()
    until(lambda: ask(page, "return player.song.title") == "Song 11" and playing(page))
    assert page.evaluate("said.length") == 5


def test_shuffle_repeat_and_the_queue(music, until):
    shuffle = music.get_by_role("button", name="Shuffle")
    shuffle.click()
    assert shuffle.get_attribute("aria-pressed") == "true"
    assert ask(music, "return player.song.title") == "Song 03"
    shuffle.click()
    music.get_by_role("button", name="Queue", exact=True).click()
    rows = music.locator(".queue-row")
    assert rows.count() == 21
    assert rows.first.locator(".queue-title").inner_text() == "Song 04"
    rows.first.get_by_role("button", name="Take Song 04 out").click()
    assert rows.first.locator(".queue-title").inner_text() == "Song 05"
    rows.nth(2).locator(".queue-jump").click()
    until(lambda: playing(music) and ask(music, "return player.song.title") == "Song 07")
    music.keyboard.press("Escape")
    assert music.locator(".player-drawer").is_hidden()
    assert music.evaluate("document.activeElement.title") == "Queue"


def test_what_is_added_comes_next(music):
    facts = ask(music, "return (await fetch('/music/20/facts')).json()")
    ask(music, f"player.ask([{json.dumps(facts | {'rating': None})}])")
    assert ask(music, "return player.queue.songs[player.queue.at + 1].title") == facts["title"]


def test_the_radio_plays_what_its_page_shows_and_refills(open_page, site, until):
    page = open_page("/music/radio?seed=7")
    titles = page.locator(".radio-title").all_inner_texts()
    assert len(titles) == 12
    again = page.request.get("/music/radio/queue?seed=7&count=12").json()["songs"]
    assert [song["title"] for song in again] == titles
    page.locator(".radio-why summary").first.click()
    assert page.locator(".radio-why").first.locator(".reason-factor").count() >= 3
    page.locator("[data-radio]").first.click()
    until(lambda: playing(page))
    assert ask(page, "return player.queue.songs.map(song => song.title)") == titles
    until(lambda: page.locator(".radio-pick.is-playing .radio-title").all_inner_texts() == titles[:1])
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/radio/queue" in request.url else None)
    ask(page, "player.jump(player.queue.songs[9].place)")
    until(lambda: ask(page, "return player.queue.songs.length") == 24)
    assert "seed=7" in asked[0] and "recent=" in asked[0] and len(asked) == 1
    ids = ask(page, "return player.queue.songs.map(song => song.id)")
    heard, fresh = [ids[0], *ids[9:12]], ids[12:]
    assert not set(heard) & set(fresh)
    assert ask(page, "return player.queue.songs.at(-1).why.length") >= 3
    radio = page.locator(".player-radio")
    assert radio.get_attribute("aria-pressed") == "true"
    radio.click()
    assert radio.get_attribute("aria-pressed") == "false"


def test_the_radio_goes_on_after_any_song(music, until):
    music.locator(".player-radio").click()
    until(lambda: ask(music, "return player.queue.songs.length") > 12)
    assert ask(music, "return player.song.title") == "Song 03"
    music.get_by_role("button", name="Queue", exact=True).click()
    assert music.locator(".queue-row .queue-why").first.is_visible()


def test_the_browser_knows_what_plays(music):
    shown = music.evaluate("""() => { const { metadata, playbackState } = navigator.mediaSession;
                                     return [metadata.title, metadata.artist, playbackState] }""")
    assert shown == ["Song 03", "Dora", "playing"]


def test_a_phone_shows_two_rows_and_the_rest_on_demand(open_page, until):
    page = open_page("/music/?sort=title&dir=asc&view=grid", viewport={"width": 390, "height": 844})
    play(page, "Song 03", until)
    assert page.locator(".player").bounding_box()["height"] < 130
    assert page.locator(".player-rest").is_hidden()
    page.get_by_role("button", name="More controls").click()
    assert page.locator(".player-rest").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    end = page.evaluate("parseFloat(getComputedStyle(document.body).paddingBottom)")
    assert end >= page.locator(".player").bounding_box()["height"] - 1
    for button in page.locator(".player button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 24, button.get_attribute("title")
