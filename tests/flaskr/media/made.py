"""Files that tests make by hand: a PDF of plain lines, an EPUB of given chapters."""

import zipfile
from pathlib import Path

CONTAINER = ('<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
             '<rootfile full-path="in/book.opf"/></rootfiles></container>')


def pdf(path: Path, pages: list[list[str]], *, title: str = "", author: str = "") -> Path:
    """A PDF with these lines on its pages, in Helvetica."""
    out, places = [b"%PDF-1.4\n"], {}

    def add(number: int, body: bytes) -> None:
        places[number] = sum(map(len, out))
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    add(1, b"<</Type/Catalog/Pages 2 0 R>>")
    kids = b" ".join(b"%d 0 R" % (10 + 2 * at) for at in range(len(pages)))
    add(2, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids))
    add(3, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    add(4, f"<</Title({title})/Author({author})/CreationDate(D:20190203000000Z)>>".encode("latin-1"))
    for at, lines in enumerate(pages):
        drawn = b"BT /F1 11 Tf 60 780 Td 14 TL " + b" ".join(b"(%s) Tj T*" % line.encode("latin-1") for line in lines) + b" ET"
        add(10 + 2 * at, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (11 + 2 * at))
        add(11 + 2 * at, b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    start, size = sum(map(len, out)), 10 + 2 * len(pages)
    rows = b"".join(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
                    for number in range(size))
    out.append(b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, rows, size, start))
    path.write_bytes(b"".join(out))
    return path


def epub(path: Path, chapters: dict[str, str], *, title: str = "", author: str = "", package: str = "", nav: str = "") -> Path:
    """An EPUB 3 with these chapters, name to XHTML; `package` replaces the whole OPF."""
    items = "".join(f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = package or (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>en-GB</dc:language>"
        f'<dc:date>1897-05-26</dc:date></metadata><manifest>{items}'
        f'<item id="nav" href="nav.xhtml" properties="nav"/></manifest><spine>{spine}</spine></package>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("META-INF/container.xml", CONTAINER)
        file.writestr("in/book.opf", package)
        file.writestr("in/nav.xhtml", f'<html><body><nav epub:type="toc">{nav}</nav></body></html>')
        for name, content in chapters.items():
            file.writestr(f"in/{name}", content)
    return path
