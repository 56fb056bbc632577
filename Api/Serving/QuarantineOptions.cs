using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Serving;

/// <summary>What becomes of requests that workers go down with.</summary>
internal sealed class QuarantineOptions
{
    public const string Section = "Quarantine";

    /// <summary>How long it is remembered that a worker went down with a request that was not answered since.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan MarkLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a request is kept from workers.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often it is looked up what other Apis found.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromSeconds(1);
}
