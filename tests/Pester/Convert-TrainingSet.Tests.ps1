#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Convert-TrainingSet' {
    $calls = @{
        Cmdlet         = 'Convert-TrainingSet'
        Prepare        = {
            Import-Outcar al-strain | Export-TrainingSet set.extxyz > $null
            $null = New-Item 'a[1]' -ItemType Directory
            Copy-Item set.extxyz -Destination 'a[1]'
        }
        Run            = { param($With, $Place) 'set.extxyz' | Convert-TrainingSet -Destination "$($Place.Fresh()).extxyz" -KeyStyle Ase @With }
        ByParameter    = { param($With, $Place) Convert-TrainingSet set.extxyz "$($Place.Fresh()).extxyz" -KeyStyle Ase @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Path = 'set.extxyz' } | Convert-TrainingSet -Destination "$($Place.Fresh()).extxyz" @With }
        Wildcard       = { param($With, $Place) Convert-TrainingSet se?.extxyz "$($Place.Fresh()).extxyz" @With }
        Literal        = { param($With, $Place) Convert-TrainingSet -LiteralPath 'a[1]/set.extxyz' "$($Place.Fresh()).extxyz" @With }
        Fail           = { param($With, $Place) Convert-TrainingSet none.extxyz "$($Place.Fresh()).extxyz" @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
