namespace System.Management.Automation;

/// <summary>The base of the errors that the shell itself reports.</summary>
public class RuntimeException : SystemException
{
    public RuntimeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The pipeline was stopped; a cmdlet lets it pass.</summary>
public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

/// <summary>A path leads nowhere.</summary>
public class ItemNotFoundException(string message) : RuntimeException(message);

/// <summary>A value cannot become what was asked for.</summary>
public class PSInvalidCastException(string message, Exception? innerException = null) : InvalidCastException(message, innerException);
