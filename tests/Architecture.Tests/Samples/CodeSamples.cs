using Platform.Architecture.Tests.Rules;

namespace Platform.Architecture.Tests.Samples;

/// <summary>Rows: rule, path, text, path of another file that is there.</summary>
internal static class CodeSamples
{
    private const string Core = "Core uses System, Semver and MathNet only";
    private const string Onnx = "ONNX Runtime is named in Worker/Onnx";
    private const string Redis = "Redis is named in SharedState and ServiceDefaults";
    private const string Siblings = "a feature folder does not use another";
    private const string Global = "features are not used globally";
    private const string Namespaces = "namespaces follow folders";
    private const string Length = "files are short";
    private const string Banned = "nobody blocks, sleeps or reads the clock";
    private const string Errors = "no error vanishes";
    private const string Skipped = "no test is skipped";
    private const string Scripts = "scripts name their keys";
    private const string Warnings = "no warning is switched off";

    public static TheoryData<string, string, string, string> Bad => new()
    {
        { Core, "Core/A.cs", "using Orleans;", "" },
        { Core, "Core/A.cs", "using static Microsoft.Extensions.Logging.LogLevel;", "" },
        { Onnx, "Worker/Serving/A.cs", "using Microsoft.ML.OnnxRuntime;", "" },
        { Onnx, "Api/A.cs", "var x = new Microsoft.ML.OnnxRuntime.InferenceSession(path);", "" },
        { Redis, "Api/A.cs", "using StackExchange.Redis;", "" },
        { Redis, "AppHost.Local/A.cs", "using StackExchange.Redis;", "" },
        { Siblings, "Silo/Rollouts/A.cs", "using Platform.Silo.Models;", "Silo/Models/B.cs" },
        { Siblings, "Worker/Serving/Http/A.cs", "var x = new Platform.Worker.Batching.Batcher();", "Worker/Batching/B.cs" },
        { Siblings, "Api/Access/A.cs", "using Platform.Api.Models;", "Api/Models/B.cs" },
        { Global, "Api/Usings.cs", "global using Platform.Api.Models;", "" },
        { Namespaces, "Api/Models/A.cs", "namespace Platform.Api;", "" },
        { Length, "Api/A.cs", Lines(FileLengthRule.LinesMax + 1), "" },
        { Banned, "Api/A.cs", "var x = DateTime.UtcNow;", "" },
        { Banned, "Api/A.cs", "var x = DateTimeOffset.Now;", "" },
        { Banned, "Api/A.cs", "Thread.Sleep(10);", "" },
        { Banned, "Api/A.cs", "var x = LoadAsync(Path(a), b).Result;", "" },
        { Banned, "Api/A.cs", "var x = loadTask.Result;", "" },
        { Banned, "Api/A.cs", "var x = $\"{task.Result}\";", "" },
        { Banned, "Api/A.cs", "Task.Run(Load)\n    .Wait();", "" },
        { Banned, "Api/A.cs", "LoadAsync().GetAwaiter().GetResult();", "" },
        { Banned, "Api/A.cs", "private async void Load() { }", "" },
        { Banned, "tests/Api.Tests/A.cs", "await Task.Delay(100);", "" },
        { Errors, "Api/A.cs", "try { A(); } catch { }", "" },
        { Errors, "Api/A.cs", "try { A(); } catch (Exception) { /* whatever */ }", "" },
        { Errors, "Api/A.cs", "try { A(); } catch (IOException)\n{\n}", "" },
        { Skipped, "tests/Api.Tests/A.cs", "[Fact(Skip = \"flaky\")]", "" },
        { Skipped, "tests/Api.Tests/A.cs", "[Theory(DisplayName = \"a\", Skip=\"b\")]", "" },
        { Scripts, "SharedState/A.cs", "redis.call('ZADD', 'models', 1, ARGV[1])", "" },
        { Scripts, "SharedState/A.cs", "local key = ARGV[1]\nredis.call('GET', key)", "" },
        { Warnings, "Api/A.cs", "#pragma warning disable CA1000", "" },
        { Warnings, "Api/A.cs", "#pragma warning disable", "" },
        { Warnings, "Api/A.cs", "#nullable disable", "" },
        { Warnings, "Api/A.cs", "[SuppressMessage(\"Design\", \"CA1000\")]", "" },
    };

    public static TheoryData<string, string, string, string> Good => new()
    {
        { Core, "Core/A.cs", "using System.Text;\nusing Semver;\nusing Platform.Core.Models;\nusing Rows = System.Int32;", "" },
        { Core, "Core/A.cs", "using var stream = Open();\nusing (var x = y) { }", "" },
        { Core, "Api/A.cs", "using Orleans;", "" },
        { Onnx, "Worker/Onnx/A.cs", "using Microsoft.ML.OnnxRuntime;", "" },
        { Onnx, "tests/Worker.Tests/A.cs", "using Microsoft.ML.OnnxRuntime;", "" },
        { Onnx, "Api/A.cs", "// Not Microsoft.ML.OnnxRuntime.", "" },
        { Redis, "SharedState/A.cs", "using StackExchange.Redis;", "" },
        { Redis, "Silo/Program.cs", "using StackExchange.Redis;\nbuilder.UseOrleans();", "" },
        { Siblings, "Silo/Rollouts/A.cs", "using Platform.Silo.Rollouts;\nusing Platform.Silo;\nusing Platform.Core.Models;", "Silo/Models/B.cs" },
        { Siblings, "Silo/Program.cs", "using Platform.Silo.Models;", "Silo/Models/B.cs" },
        { Siblings, "Silo/Rollouts/A.cs", "namespace Platform.Silo.Rollouts; // like Platform.Silo.Models", "Silo/Models/B.cs" },
        { Siblings, "Api/Models/A.cs", "using Platform.Api.Access;", "Api/Access/B.cs" },
        { Global, "Api/Usings.cs", "global using Platform.Core.Models;", "" },
        { Namespaces, "Api/Models/A.cs", "namespace Platform.Api.Models;", "" },
        { Namespaces, "Api/Program.cs", "var builder = WebApplication.CreateBuilder(args);", "" },
        { Length, "Api/A.cs", Lines(FileLengthRule.LinesMax), "" },
        { Length, "Api/A.cs", "// <auto-generated />\n" + Lines(1000), "" },
        { Banned, "Api/A.cs", "var x = clock.GetUtcNow();", "" },
        { Banned, "Api/A.cs", "// DateTime.UtcNow and Thread.Sleep are banned.\nvar x = \"task.Result\";", "" },
        { Banned, "Api/A.cs", "var ok = (await HandleAsync(a)).Result;", "" },
        { Banned, "Api/A.cs", "var ok = outcome.Result; using Platform.Core.Results;", "" },
        { Banned, "Api/A.cs", "await Task.Delay(100, stop); await signal.WaitAsync();", "" },
        { Banned, "tests/Api.Tests/A.cs", "await Task.Delay(Timeout.InfiniteTimeSpan, stop);", "" },
        { Errors, "Api/A.cs", "try { A(); } catch (IOException e) { Log(e); }", "" },
        { Errors, "Api/A.cs", "try { A(); } catch (OperationCanceledException) { /* The host is stopping. */ }", "" },
        { Errors, "Api/A.cs", "try { A(); } catch (Exception e) when (e is IOException)\n{\n    // The next round tries again.\n}", "" },
        { Skipped, "tests/Api.Tests/A.cs", "[Fact] public void A() => rows.Skip(1).Select(Skip => Skip);", "" },
        { Scripts, "SharedState/A.cs", "redis.call('ZADD', KEYS[at + 1], 1, ARGV[1])", "" },
        { Scripts, "SharedState/A.cs", "local units, sums = KEYS[1], KEYS[2]\nredis.call('GET', sums)", "" },
        { Warnings, "Api/A.cs", "// #pragma warning disable CA1000\nvar x = \"[SuppressMessage]\";", "" },
    };

    private static string Lines(int count) => string.Join('\n', Enumerable.Repeat("var x = 1;", count)) + "\n";
}
