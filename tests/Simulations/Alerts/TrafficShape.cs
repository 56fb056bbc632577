namespace Platform.Simulations.Alerts;

/// <summary>How the traffic of a healthy service is spread over its days, as a multiple of its mean.</summary>
internal enum TrafficShape
{
    Steady,

    /// <summary>Most at noon, and none from the evening to the morning.</summary>
    NoNights,

    /// <summary>From Monday to Friday, 8 to 18.</summary>
    OfficeHours,

    /// <summary>Half an hour each night.</summary>
    Nightly,
}

internal static class TrafficShapes
{
    public static double At(this TrafficShape shape, DateTimeOffset at)
    {
        var hour = at.TimeOfDay.TotalHours;
        return shape switch
        {
            TrafficShape.NoNights => Math.PI / 2 * 2 * Math.Max(0, Math.Sin(Math.PI * (hour - 6) / 12)),
            TrafficShape.OfficeHours => at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || hour is < 8 or >= 18 ? 0 : 24 * 7 / 50.0,
            TrafficShape.Nightly => hour is >= 2 and < 2.5 ? 48 : 0,
            _ => 1,
        };
    }
}
