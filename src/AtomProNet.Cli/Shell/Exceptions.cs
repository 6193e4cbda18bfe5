namespace System.Management.Automation;

/// <summary>The base of the errors that the shell itself reports.</summary>
public class RuntimeException : SystemException
{
    public RuntimeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What to report when a cmdlet lets the exception pass; null where the exception itself says all.</summary>
    public virtual ErrorRecord? ErrorRecord => null;
}

/// <summary>The pipeline was stopped; a cmdlet lets it pass.</summary>
public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

/// <summary>A path leads nowhere.</summary>
public class ItemNotFoundException(string message, string path) : RuntimeException(message)
{
    public override ErrorRecord ErrorRecord => new(this, "PathNotFound", ErrorCategory.ObjectNotFound, path);
}

/// <summary>A value cannot become what was asked for.</summary>
public class PSInvalidCastException(string message, Exception? innerException = null) : InvalidCastException(message, innerException);
