namespace Aspire.Hosting.Reporting;

internal static class Failure
{
    public static void Print(DistributedApplicationException reason)
    {
        if (!Console.IsErrorRedirected) Console.ForegroundColor = ConsoleColor.Red;
        Console.Error.WriteLine(reason.Message);
        if (!Console.IsErrorRedirected) Console.ResetColor();
    }
}
