@{
    # The type data of the module, as a module nested in it: the only way to have them read after the loader has run.
    ModuleVersion     = '1.0'
    GUID              = '0d9a2f7e-5b0c-4d0e-9a3a-2f6e6a3a7f11'
    Author            = 'The AtomProNet.PS developers'
    Description       = 'The type data of AtomProNet.PS. Import AtomProNet.PS instead.'
    TypesToProcess    = @('AtomProNet.PS.types.ps1xml')
    FunctionsToExport = @()
    CmdletsToExport   = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
