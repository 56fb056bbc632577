using System.Globalization;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Batching;

/// <summary>What those are told who were not run.</summary>
internal static class Refusals
{
    public static RequestException QueueFull(ServedVersion version) => new(
        StatusCodes.Status429TooManyRequests,
        $"Exceeds maximum queue size: {version.Limits.MaxQueue} requests already wait for model '{version.Id.Model}' version "
            + $"'{version.Id.Version}'; try again later");

    public static RequestException WouldExpire(ServedVersion version, TimeSpan wait, TimeSpan timeout) => new(
        StatusCodes.Status429TooManyRequests,
        $"Exceeds maximum queue size: what waits for model '{version.Id.Model}' version '{version.Id.Version}' takes about {Milliseconds(wait)} ms, "
            + $"too long for a request that must run within {Milliseconds(timeout)} ms; try again later");

    public static RequestException TooManyAtOnce(ServedVersion version) => new(
        StatusCodes.Status429TooManyRequests,
        $"Exceeds the {version.Limits.MaxConcurrent} requests that may be in work for model '{version.Id.Model}' version "
            + $"'{version.Id.Version}' at a time (config.limits.max_concurrent); try again later");

    public static RequestException Expired(TimeSpan timeout) => new(
        StatusCodes.Status504GatewayTimeout,
        $"Request timeout expired: it could not be run within {timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms");

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture);
}
