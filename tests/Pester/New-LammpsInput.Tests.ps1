#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-LammpsInput' {
    $calls = @{
        Cmdlet         = 'New-LammpsInput'
        Prepare        = { Set-Content my.sw '# no parameters'; Get-MPStructure Si -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-LammpsInput sw:my.sw $Place.Fresh() @With }
        ByParameter    = { param($With, $Place) New-LammpsInput sw:my.sw $Place.Fresh() -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-LammpsInput sw:my.sw $Place.Fresh() @With }
        Fail           = { param($With, $Place) $Place.Data | New-LammpsInput sw:my.sw $Place.Fresh() -TypeOrder Al @With }
        FailId         = 'ElementWithoutType'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
