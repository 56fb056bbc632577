namespace Aspire.Hosting.ApplicationModel;

internal static class SnapshotExtensions
{
    public static bool IsUnavailable(this CustomResourceSnapshot snapshot) => snapshot.State is { } state
        && (KnownResourceStates.TerminalStates.Contains(state.Text) || state.Text == KnownResourceStates.RuntimeUnhealthy);

    public static CustomResourceSnapshot WithProperty(this CustomResourceSnapshot snapshot, string name, object? value) =>
        snapshot with { Properties = [.. snapshot.Properties.Where(property => property.Name != name), new(name, value)] };

    /// <summary>The checks as they stand before the first answer.</summary>
    public static CustomResourceSnapshot WithUnknownHealth(this CustomResourceSnapshot snapshot, IResource resource) => snapshot with
    {
        HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))],
    };
}
