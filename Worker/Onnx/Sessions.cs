using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Platform.Worker.Onnx;

/// <summary>How sessions are set up; docs/performance has the measurements behind it.</summary>
internal static class Sessions
{
    /// <param name="threads">
    /// Of one run. One where the executors already fill the cores: then the runtime makes no pool and nothing spins.
    /// </param>
    public static SessionOptions NewOptions(GraphOptimizationLevel optimization, int threads = 1)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = optimization,
            EnableMemoryPattern = true,
            EnableCpuMemArena = true,
            // What goes wrong comes as an exception. The runtime's own log would have it too, and it cites the inputs.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Without this the runtime guesses the format, and takes its own (.ort), which skips the checks made on ONNX.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        return options;
    }

    /// <exception cref="UnusableModelException">The runtime does not accept the model.</exception>
    public static InferenceSession Open(byte[] model, SessionOptions options)
    {
        try
        {
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new UnusableModelException($"ONNX Runtime {OrtEnv.Instance().GetVersionString()} cannot load the model: "
                + $"{Explain(e.Message)}", e);
        }
    }

    private static string Explain(string message)
    {
        var trimmed = message.Trim();
        if (Says("Unsupported model IR version") || Says("is under development"))
            return trimmed + " — export with an older opset or IR version.";
        if (Says("is not a registered function/op") || Says("NOT_IMPLEMENTED"))
            return trimmed + " — this runtime lacks the operator; export without custom operators or with another opset.";
        return trimmed;

        bool Says(string text) => trimmed.Contains(text, StringComparison.Ordinal);
    }
}
