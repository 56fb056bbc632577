using System.Diagnostics;

namespace Platform.AppHost.Garnet;

internal static class ParentProcess
{
    /// <summary>Ends when the AppHost has gone, so that a killed AppHost leaves no engine behind, or when asked to stop.</summary>
    public static async Task GoneOrCancelledAsync(int parentId, CancellationToken cancellationToken)
    {
        try
        {
            using var parent = Process.GetProcessById(parentId);
            await parent.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // No such process: it was gone before this one came up.
        }
        catch (OperationCanceledException)
        {
            // The AppHost asked this process to stop.
        }
    }
}
