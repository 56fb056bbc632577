using System.Globalization;
using Microsoft.Net.Http.Headers;
using Platform.Core.Results;

namespace Platform.Api.Conventions;

/// <summary>A resource's revision as its etag.</summary>
internal static class Etags
{
    public static string Format(long revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The revision that <c>If-Match</c> asks for; null when it asks for none or for any (<c>*</c>).</summary>
    public static bool TryReadIfMatch(HttpRequest request, out long? revision, out Refusal? refusal)
    {
        (revision, refusal) = (null, null);
        var text = request.Headers[HeaderNames.IfMatch].ToString();
        if (text is "" or "*") return true;
        if (long.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            revision = number;
            return true;
        }

        refusal = new Refusal(RefusalReason.PreconditionFailed, $"If-Match is {text}, which is no etag of this platform. Send one as it was given.");
        return false;
    }
}
