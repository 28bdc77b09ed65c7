// A day to keep as an iCalendar file (RFC 5545), made here: no other service learns of it.

const DAY = 86_400_000;
const LINE = 73; // octets, so that a folded line with its leading space stays within 75

/** The calendar file of one duty: an all-day entry on `due` (ISO date) with a reminder two days before. */
export function calendar({ due, title, details, address, id, now = new Date() }) {
  const next = new Date(Date.parse(`${due}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
  return [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ethics Desk//EN", "BEGIN:VEVENT",
    `UID:${id}@ethics-desk`, `DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, "")}`,
    `DTSTART;VALUE=DATE:${due.replaceAll("-", "")}`, `DTEND;VALUE=DATE:${next.replaceAll("-", "")}`,
    `SUMMARY:${plain(title)}`, `DESCRIPTION:${plain(details)}`, `URL:${address}`, "TRANSP:TRANSPARENT",
    "BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${plain(title)}`, "TRIGGER:-P2D", "END:VALARM",
    "END:VEVENT", "END:VCALENDAR",
  ].map(fold).join("\r\n") + "\r\n";
}

/** Hand a text to the person as a file. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/calendar" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const plain = (text) => text.replace(/([\\;,])/g, "\\$1").replace(/\r?\n/g, "\\n");

function fold(line) {
  const parts = [""];
  let octets = 0;
  for (const char of line) {
    const size = new TextEncoder().encode(char).length;
    if (octets + size > LINE) {
      parts.push("");
      octets = 0;
    }
    parts[parts.length - 1] += char;
    octets += size;
  }
  return parts.join("\r\n ");
}
