// The local Redis: Garnet in a process of its own, started by AppHost.Local.
using System.Runtime.InteropServices;
using Garnet;
using Platform.AppHost.Garnet;

var settings = EngineSettings.Read(args, Environment.GetEnvironmentVariable("REDIS_PASSWORD"));
using var stopping = new CancellationTokenSource();
// Ctrl-C reaches every process of a terminal; the AppHost stops this one last, with SIGTERM.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stopping.Cancel();
});

using var server = new GarnetServer(settings.ToOptions());
server.Start();
Console.WriteLine($"Garnet listens on localhost:{settings.Port}, data in {settings.Folder}.");

await ParentProcess.GoneOrCancelledAsync(settings.ParentId, stopping.Token);
// With its state in a checkpoint the next start replays nothing.
await Checkpoint.TakeAsync(settings);
