namespace Aspire.Hosting;

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public DistributedApplicationOperation Operation => operation;

    public bool IsRunMode => operation is DistributedApplicationOperation.Run;

    public bool IsPublishMode => operation is DistributedApplicationOperation.Publish;
}

public enum DistributedApplicationOperation
{
    Run,
    Publish,
}

public class DistributedApplicationException : Exception
{
    public DistributedApplicationException()
    {
    }

    public DistributedApplicationException(string message) : base(message)
    {
    }

    public DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}

public sealed class MissingParameterValueException : DistributedApplicationException
{
    public MissingParameterValueException()
    {
    }

    public MissingParameterValueException(string message) : base(message)
    {
    }

    public MissingParameterValueException(string message, Exception inner) : base(message, inner)
    {
    }
}
