"""Workbooks made of their XML, as programs write them and as nobody should."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f"""<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
PROGRAM = f"""<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
PARTS = f"""<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>"""
BOOK = f"""<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">
<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"""
ODF = "urn:oasis:names:tc:opendocument:xmlns"
CONTENT = f"""<?xml version="1.0"?><office:document-content xmlns:office="{ODF}:office:1.0"
 xmlns:table="{ODF}:table:1.0" xmlns:text="{ODF}:text:1.0" xmlns:style="{ODF}:style:1.0">%s<office:body>
<office:spreadsheet><table:table table:name="S">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def xlsx(sheet, strings=b"", styles=b""):
    """A workbook with one sheet of this XML."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": PROGRAM,
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": PARTS,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings,
        "xl/styles.xml": styles,
    }
    return _zipped({name: part for name, part in parts.items() if part})


def ods(rows, styles=b""):
    """A table of LibreOffice or WPS with these rows."""
    content = CONTENT.encode() % (styles, rows)
    manifest = f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0"/>'
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def _zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
