using System.Globalization;
using System.Net;
using System.Text;
using Platform.Core.Compliance;

namespace Platform.Api.Compliance;

/// <summary>The report as a page of its own, without scripts or anything from elsewhere, made to be printed.</summary>
internal static class CompliancePage
{
    private const string Style = """
        body{font:11pt/1.4 system-ui,sans-serif;margin:2rem auto;max-width:60rem;color:#111;background:#fff}
        h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
        th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:#f2f2f2}
        tr{break-inside:avoid}thead{display:table-header-group}code{font-size:.9em;overflow-wrap:anywhere}
        .pass{color:#0a5c2b}.fail{color:#a11212;font-weight:bold}.not_applicable{color:#555}.notice{border:2px solid #111;padding:.7rem}
        @page{margin:18mm}@media print{body{margin:0;max-width:none}}
        """;

    public static string Of(ComplianceReport report)
    {
        var page = new StringBuilder();
        var title = $"Compliance report of {report.Model}";
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Text(title)}</title><style>{Style}</style></head><body>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1><p>Version in production: {Text(report.Version ?? "none")}. Made at {report.At:u}.</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"notice\">{Text(report.Notice)}</p>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{report.Passed} passed, {report.Failed} failed, {report.NotApplicable} do not apply.</p>");
        foreach (var pack in report.Packs) AddPack(page, pack);
        page.Append("<h2>Checks</h2><table><thead><tr><th>Check</th><th>Result</th><th>What was found</th><th>Evidence</th></tr></thead><tbody>");
        foreach (var check in report.Checks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(check.Title)}<br><code>{Text(check.Id)}</code><br>{Text(string.Join("; ", check.Rules))}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td class=\"{Name(check.Status)}\">{Word(check.Status)}</td><td>{Text(check.Why)}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{string.Join("<br>", check.Evidence.Select(evidence => $"<code>{Text(evidence)}</code>"))}</td></tr>");
        }

        return page.Append("</tbody></table></body></html>").ToString();
    }

    private static void AddPack(StringBuilder page, PackResult pack)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(pack.Name)}</h2><p>{Text(pack.Source)}. In force from {pack.EffectiveFrom:yyyy-MM-dd}");
        if (pack.EffectiveTo is { } end) page.Append(CultureInfo.InvariantCulture, $" to {end:yyyy-MM-dd}");
        page.Append(pack.InForce ? ".</p>" : "; <strong>not in force on the day of this report</strong>.</p>");
        page.Append("<table><thead><tr><th>Rule</th><th>Result</th><th>Checks</th></tr></thead><tbody>");
        foreach (var rule in pack.Rules)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(rule.Id)}: {Text(rule.Title)}</td><td class=\"{Name(rule.Status)}\">{Word(rule.Status)}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td><code>{string.Join("</code>, <code>", rule.Checks.Select(Text))}</code></td></tr>");
        }

        page.Append("</tbody></table>");
    }

    private static string Name(CheckStatus status) => status switch { CheckStatus.Pass => "pass", CheckStatus.Fail => "fail", _ => "not_applicable" };

    private static string Word(CheckStatus status) => status switch { CheckStatus.Pass => "pass", CheckStatus.Fail => "fail", _ => "not applicable" };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
